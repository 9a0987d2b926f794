namespace AnalogHil.Engine.Onnx.Constants;

/// <summary>Where the values of a constant come from. Nothing is allocated before they are asked for.</summary>
internal abstract class ConstantValues
{
    /// <summary>Element type.</summary>
    public abstract OnnxDataType Type { get; }

    /// <summary>The values as float32, row-major, in an array of the caller's own.</summary>
    public abstract float[] ToFloats(int count);

    /// <summary>The values as integers; only called for integer types.</summary>
    public abstract long[] ToIntegers(int count);
}
