namespace AnalogHil.Engine.Graph.Operations.Arithmetic;

/// <summary>ReLU, ReLU6, Clip.</summary>
internal sealed record ClampOperation(Clamp Activation) : Operation;
