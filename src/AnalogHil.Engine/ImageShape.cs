namespace AnalogHil.Engine;

/// <summary>Shape of one input image, channels first as in ONNX files and data sets.</summary>
/// <param name="Channels">C.</param>
/// <param name="Height">H, pixels.</param>
/// <param name="Width">W, pixels.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Number of values of one image.</summary>
    public int Size => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => $"{Channels} x {Height} x {Width}";
}
