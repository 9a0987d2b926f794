namespace AnalogHil.Engine.Graph;

/// <summary>ReLU, ReLU6, Clip.</summary>
internal sealed record ClampOperation(Clamp Activation) : Operation;
