namespace AnalogHil.Engine.Inspection;

/// <summary>How often a model file uses an operator.</summary>
/// <param name="Operator">ONNX name, e.g. Conv.</param>
/// <param name="Count">Nodes of it.</param>
public sealed record OperatorCount(string Operator, int Count);
