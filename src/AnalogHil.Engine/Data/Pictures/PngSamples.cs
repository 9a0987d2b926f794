namespace AnalogHil.Engine.Data.Pictures;

/// <summary>From the samples of a PNG file to grey or red, green, blue bytes.</summary>
internal static class PngSamples
{
    public static Picture ToPicture(PngHeader header, byte[] lines, byte[] palette, string path)
    {
        bool isColor = header.Color is 2 or 3 or 6;
        int channels = isColor ? 3 : 1;
        byte[] pixels = new byte[header.Width * header.Height * channels];
        int target = 0;
        for (int y = 0; y < header.Height; y++)
        {
            ReadOnlySpan<byte> line = lines.AsSpan(y * header.LineBytes, header.LineBytes);
            for (int x = 0; x < header.Width; x++)
            {
                if (header.Color == 3)
                {
                    int entry = 3 * Sample(line, x, header.Depth);
                    if (entry + 3 > palette.Length)
                    {
                        throw new DataSetException(
                            $"'{path}': a pixel names palette entry {entry / 3} of {palette.Length / 3}; the picture is damaged, fetch it again");
                    }

                    palette.AsSpan(entry, 3).CopyTo(pixels.AsSpan(target, 3));
                    target += 3;
                    continue;
                }

                for (int c = 0; c < channels; c++)
                {
                    int sample = Sample(line, x * header.Samples + c, header.Depth);
                    pixels[target++] = (byte)(header.Depth < 8 ? sample * 255 / ((1 << header.Depth) - 1) : sample);
                }
            }
        }

        return new Picture(channels, header.Height, header.Width, pixels);
    }

    // The upper byte of 16 bits, the first bits of a byte first where several samples share one.
    private static int Sample(ReadOnlySpan<byte> line, int index, int depth) => depth switch
    {
        8 => line[index],
        16 => line[2 * index],
        _ => line[index * depth / 8] >> (8 - depth - index * depth % 8) & ((1 << depth) - 1),
    };
}
