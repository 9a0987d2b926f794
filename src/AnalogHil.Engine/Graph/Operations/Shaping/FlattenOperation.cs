namespace AnalogHil.Engine.Graph.Operations.Shaping;

/// <summary>A feature map as a vector in ONNX order: channel, row, column.</summary>
internal sealed record FlattenOperation : Operation;
