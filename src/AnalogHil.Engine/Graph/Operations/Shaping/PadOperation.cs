namespace AnalogHil.Engine.Graph.Operations.Shaping;

/// <summary>A frame of a constant around a feature map.</summary>
internal sealed record PadOperation(int Top, int Left, int Bottom, int Right, float Value) : Operation;
