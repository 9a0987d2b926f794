namespace AnalogHil.Engine.Graph.Operations.Arithmetic;

/// <summary>Sum of two values of the same shape, clamped.</summary>
internal sealed record AddOperation(Clamp Activation) : Operation;
