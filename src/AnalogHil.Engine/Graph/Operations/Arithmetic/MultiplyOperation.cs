namespace AnalogHil.Engine.Graph.Operations.Arithmetic;

/// <summary>
/// Product of two activations, element by element. The second may have one pixel: then it is a factor for each channel, as attention to channels has it.
/// </summary>
internal sealed record MultiplyOperation : Operation;
