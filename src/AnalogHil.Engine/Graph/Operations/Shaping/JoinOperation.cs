namespace AnalogHil.Engine.Graph.Operations.Shaping;

/// <summary>Several values one after the other along their rows or columns; along the channels it is a <see cref="ConcatOperation"/>.</summary>
/// <param name="Place">Stored dimension: 0 height, 1 width.</param>
internal sealed record JoinOperation(int Place) : Operation;
