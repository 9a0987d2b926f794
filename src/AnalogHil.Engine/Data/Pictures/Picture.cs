namespace AnalogHil.Engine.Data.Pictures;

/// <summary>A decoded picture.</summary>
/// <param name="Channels">1 for grey, 3 for red, green, blue.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Pixels">[height x width x channels].</param>
internal sealed record Picture(int Channels, int Height, int Width, byte[] Pixels)
{
    /// <summary>Pixels at most: 64 million, far above any data set, far below what would exhaust memory.</summary>
    public const long MaxPixels = 1 << 26;
}
