namespace AnalogHil.Engine.Onnx.Constants;

/// <summary>One value everywhere: the result of ConstantOfShape.</summary>
internal sealed class FilledValues(OnnxDataType type, float value, long integer) : ConstantValues
{
    public override OnnxDataType Type => type;

    public override float[] ToFloats(int count)
    {
        float[] values = new float[count];
        Array.Fill(values, value);
        return values;
    }

    public override long[] ToIntegers(int count)
    {
        long[] values = new long[count];
        Array.Fill(values, integer);
        return values;
    }
}
