namespace AnalogHil.Engine.Graph;

/// <summary>Shape of a value for one item of the batch: a feature map, or a vector (one pixel, its length in <see cref="Channels"/>).</summary>
/// <remarks>Feature maps are stored height, width, channel; ONNX means channel, height, width.</remarks>
internal readonly record struct ItemShape(int Height, int Width, int Channels, bool IsVector)
{
    /// <summary>Values of one item; a value larger than <see cref="GraphLimits.ItemValues"/> is never built.</summary>
    public int Size => Height * Width * Channels;

    public static ItemShape Map(int height, int width, int channels) => new(height, width, channels, false);

    public static ItemShape Vector(int length) => new(1, 1, length, true);

    public override string ToString() => IsVector ? $"[N, {Channels}]" : $"[N, {Channels}, {Height}, {Width}]";
}
