namespace AnalogHil.Engine.Graph.Operations.Reductions;

/// <summary>Mean over one dimension, which is 1 afterwards.</summary>
/// <param name="Place">Stored dimension: 0 height, 1 width, 2 channels.</param>
internal sealed record MeanOperation(int Place) : Operation;
