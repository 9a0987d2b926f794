namespace AnalogHil.Engine.Graph.Operations.Shaping;

/// <summary>A constant as a value, the same for every item: position embeddings.</summary>
/// <param name="Values">One item, in the order in which it is stored.</param>
internal sealed record ConstantOperation(float[] Values) : Operation;
