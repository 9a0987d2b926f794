namespace AnalogHil.Engine.Graph;

/// <summary>Maximum or mean over windows, channel by channel.</summary>
/// <param name="Kind">Maximum or mean.</param>
/// <param name="Vertical">Window rows.</param>
/// <param name="Horizontal">Window columns.</param>
/// <param name="CountPadding">Mean only: whether padded zeros count in the divisor.</param>
internal sealed record PoolOperation(PoolKind Kind, WindowAxis Vertical, WindowAxis Horizontal, bool CountPadding) : Operation;
