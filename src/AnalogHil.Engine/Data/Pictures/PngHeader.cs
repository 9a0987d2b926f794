using System.Buffers.Binary;

namespace AnalogHil.Engine.Data.Pictures;

/// <summary>Size and sample format of a PNG picture.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Depth">Bits of a sample: 1, 2, 4, 8 or 16.</param>
/// <param name="Color">0 grey, 2 colour, 3 palette, 4 grey with transparency, 6 colour with transparency.</param>
internal readonly record struct PngHeader(int Width, int Height, int Depth, int Color)
{
    /// <summary>Samples of a pixel in the file.</summary>
    public int Samples => Color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Bytes of one line in the file, its filter byte left out.</summary>
    public int LineBytes => (int)(((long)Width * Samples * Depth + 7) / 8);

    /// <summary>Bytes between a sample and the one left of it that filters refer to.</summary>
    public int FilterStep => Math.Max(1, Samples * Depth / 8);

    /// <summary>Reads the first chunk.</summary>
    /// <exception cref="DataSetException">It is damaged, too large or of a kind that is not read.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> chunk, string path)
    {
        if (chunk.Length != 13)
        {
            throw new DataSetException($"'{path}': the header has {chunk.Length} bytes instead of 13; the picture is damaged, fetch it again");
        }

        long width = BinaryPrimitives.ReadUInt32BigEndian(chunk);
        long height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        (int depth, int color) = (chunk[8], chunk[9]);
        bool valid = color switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!valid || width < 1 || height < 1 || width > Picture.MaxPixels || height > Picture.MaxPixels || width * height > Picture.MaxPixels)
        {
            throw new DataSetException(
                $"'{path}' claims {height} x {width} pixels of type {color} with {depth} bits; that is no valid picture of at most {Picture.MaxPixels} pixels");
        }

        if (chunk[10] != 0 || chunk[11] != 0 || chunk[12] != 0)
        {
            throw new DataSetException($"'{path}' is interlaced or of an unknown compression or filter; save it again without interlacing");
        }

        return new PngHeader((int)width, (int)height, depth, color);
    }
}
