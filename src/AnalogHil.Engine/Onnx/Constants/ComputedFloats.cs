namespace AnalogHil.Engine.Onnx.Constants;

/// <summary>Numbers computed from other constants while the file was read.</summary>
internal sealed class ComputedFloats(float[] values) : ConstantValues
{
    public override OnnxDataType Type => OnnxDataType.Float;

    public override float[] ToFloats(int count) => [.. values];

    public override long[] ToIntegers(int count) => throw new InvalidOperationException("not integers");
}
