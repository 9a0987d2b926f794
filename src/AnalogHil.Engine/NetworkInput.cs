namespace AnalogHil.Engine;

/// <summary>One input of a model, as a part of the row of float32 that one example is.</summary>
/// <param name="Name">Name in the model file.</param>
/// <param name="Start">Place of its first value in the row; inputs follow one another in file order.</param>
/// <param name="Dims">Dimensions of one example in ONNX's order, the batch left out: [C, H, W] of images, [tokens] of text.</param>
/// <param name="Kind">What the numbers are.</param>
public sealed record NetworkInput(string Name, int Start, IReadOnlyList<int> Dims, ElementKind Kind)
{
    /// <summary>Number of values of one example.</summary>
    public int Size => Dims.Aggregate(1, (product, dim) => product * dim);

    /// <inheritdoc/>
    public override string ToString() => $"'{Name}' [{string.Join(", ", Dims)}]";
}
