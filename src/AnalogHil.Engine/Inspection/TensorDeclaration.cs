namespace AnalogHil.Engine.Inspection;

/// <summary>An input or output as a model file declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">float32, int64, ..., or the number of an ONNX type that has no name here.</param>
/// <param name="Shape">Dimensions: numbers, or the file's symbols for free ones.</param>
public sealed record TensorDeclaration(string Name, string ElementType, IReadOnlyList<string> Shape);
