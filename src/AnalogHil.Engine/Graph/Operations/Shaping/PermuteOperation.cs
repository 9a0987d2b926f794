namespace AnalogHil.Engine.Graph.Operations.Shaping;

/// <summary>The same values in another order of dimensions; in the same order it is a copy with another shape.</summary>
/// <param name="Dims">Three dimensions of the input as it is stored.</param>
/// <param name="Order">For each dimension of the output the input's.</param>
internal sealed record PermuteOperation(int[] Dims, int[] Order) : Operation
{
    /// <summary>A copy.</summary>
    public static PermuteOperation Copy(ItemShape shape) => new(shape.Stored, [0, 1, 2]);
}
