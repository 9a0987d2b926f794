namespace AnalogHil.Engine.Graph.Operations.Arithmetic;

/// <summary>Two values combined element by element; where one has a stored dimension of 1, its values serve the other's whole dimension.</summary>
internal sealed record BroadcastOperation(BroadcastKind Kind) : Operation;
