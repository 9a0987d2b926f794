namespace AnalogHil.Engine.Data.Sets;

/// <summary>One picture of bytes.</summary>
/// <param name="Source">File and place, for messages.</param>
/// <param name="Label">Label of the data.</param>
/// <param name="Channels">1 for grey, 3 for red, green, blue.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Pixels">[C x H x W] if <paramref name="Planar"/>, else [H x W x C].</param>
/// <param name="Planar">Order of <paramref name="Pixels"/>.</param>
internal sealed record RawImage(string Source, long Label, int Channels, int Height, int Width, ReadOnlyMemory<byte> Pixels, bool Planar)
    : StoredImage(Source, Label, Channels, Height, Width);
