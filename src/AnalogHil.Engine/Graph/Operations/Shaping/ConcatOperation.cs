namespace AnalogHil.Engine.Graph.Operations.Shaping;

/// <summary>The channels of several values of the same height and width, one after the other.</summary>
internal sealed record ConcatOperation : Operation;
