namespace AnalogHil.Engine.Onnx.Constants;

/// <summary>Integers computed while the file was read: shapes, axes, indices.</summary>
internal sealed class ComputedIntegers(long[] values) : ConstantValues
{
    /// <summary>Stands for the batch size in a shape taken from an activation: no size of a file is ever this large.</summary>
    public const long Batch = long.MaxValue - 1;

    public override OnnxDataType Type => OnnxDataType.Int64;

    public override float[] ToFloats(int count) => Array.Exists(values, value => value == Batch)
        ? throw new ModelImportException("the batch size is used as a number in a computation; export the model so that it does not depend on it")
        : [.. values.Select(value => (float)value)];

    public override long[] ToIntegers(int count) => [.. values];
}
