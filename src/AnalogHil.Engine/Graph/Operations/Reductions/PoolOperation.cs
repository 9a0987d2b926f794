namespace AnalogHil.Engine.Graph.Operations.Reductions;

/// <summary>Maximum or mean over windows, channel by channel.</summary>
/// <param name="Kind">Maximum or mean.</param>
/// <param name="Vertical">Window rows.</param>
/// <param name="Horizontal">Window columns.</param>
/// <param name="CountPadding">Mean only: whether padded zeros count in the divisor.</param>
internal sealed record PoolOperation(PoolKind Kind, WindowAxis Vertical, WindowAxis Horizontal, bool CountPadding) : Operation
{
    /// <summary>The mean over all pixels.</summary>
    public static PoolOperation WholeMap(ItemShape shape) => new(
        PoolKind.Mean,
        new WindowAxis(shape.Height, shape.Height, 1, 0, 0, 1),
        new WindowAxis(shape.Width, shape.Width, 1, 0, 0, 1),
        CountPadding: false);
}
