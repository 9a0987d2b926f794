using System.Buffers.Binary;
using System.IO.Compression;

namespace AnalogHil.Engine.Data.Pictures;

/// <summary>
/// Decodes PNG pictures of every colour type and depth, without interlacing. Transparency is left out, 16-bit samples keep their upper byte, colour
/// profiles are ignored.
/// </summary>
internal static class PngDecoder
{
    // Deflate makes at most 258 bytes of 2 bits: a claim beyond that takes no memory.
    private const long MostExpansion = 1032;

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether a file starts as PNG files do.</summary>
    public static bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    /// <summary>Decodes a file.</summary>
    /// <exception cref="DataSetException">It is damaged, too large, or interlaced.</exception>
    public static Picture Decode(ReadOnlySpan<byte> file, string path)
    {
        PngHeader? header = null;
        byte[] palette = [];
        using var packed = new MemoryStream();
        int at = Signature.Length;
        while (true)
        {
            if (file.Length - at < 12 || BinaryPrimitives.ReadUInt32BigEndian(file[at..]) is var length && length > file.Length - at - 12)
            {
                throw new DataSetException($"'{path}' ends within a chunk at byte {at}; the picture is cut short, fetch it again");
            }

            ReadOnlySpan<byte> typed = file.Slice(at + 4, (int)length + 4);
            if (PngChecksum.Of(typed) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
            {
                throw new DataSetException($"'{path}': the checksum of the chunk at byte {at} is wrong; the picture is damaged, fetch it again");
            }

            at += 12 + (int)length;
            ReadOnlySpan<byte> data = typed[4..];
            if (typed[..4].SequenceEqual("IHDR"u8))
            {
                header = PngHeader.Parse(data, path);
            }
            else if (typed[..4].SequenceEqual("PLTE"u8))
            {
                palette = data.ToArray();
            }
            else if (typed[..4].SequenceEqual("IDAT"u8))
            {
                packed.Write(data);
            }
            else if (typed[..4].SequenceEqual("IEND"u8))
            {
                break;
            }
            else if ((typed[0] & 0x20) == 0)
            {
                throw new DataSetException(
                    $"'{path}' needs the chunk at byte {at - 12 - (int)length} to be understood, which is unknown; save the picture again");
            }
        }

        packed.Position = 0;
        return header is { } known
            ? PngSamples.ToPicture(known, Unpack(known, packed, path), palette, path)
            : throw new DataSetException($"'{path}' has no header; the picture is damaged, fetch it again");
    }

    private static byte[] Unpack(PngHeader header, Stream packed, string path)
    {
        int line = header.LineBytes;
        if ((long)line * header.Height > MostExpansion * packed.Length)
        {
            throw new DataSetException(
                $"'{path}' claims {header.Height} x {header.Width} pixels and packs them into {packed.Length} bytes, which cannot hold as many; the picture "
                    + "is damaged, fetch it again");
        }

        byte[] samples = new byte[(long)line * header.Height];
        byte[] none = new byte[line];
        try
        {
            using var lines = new ZLibStream(packed, CompressionMode.Decompress);
            Span<byte> filter = stackalloc byte[1];
            for (int y = 0; y < header.Height; y++)
            {
                Span<byte> current = samples.AsSpan(y * line, line);
                if (lines.ReadAtLeast(filter, 1, throwOnEndOfStream: false) == 0 || lines.ReadAtLeast(current, line, throwOnEndOfStream: false) < line)
                {
                    throw new DataSetException($"'{path}' ends after {y} of {header.Height} lines; the picture is cut short, fetch it again");
                }

                Restore(filter[0], current, y == 0 ? none : samples.AsSpan((y - 1) * line, line), header.FilterStep, path);
            }
        }
        catch (InvalidDataException error)
        {
            throw new DataSetException($"'{path}': its packed data is damaged: {error.Message} Fetch it again", error);
        }

        return samples;
    }

    // Each line is stored as differences to what lies left, above, or both.
    private static void Restore(byte filter, Span<byte> line, ReadOnlySpan<byte> above, int step, string path)
    {
        for (int i = 0; i < line.Length; i++)
        {
            int left = i >= step ? line[i - step] : 0;
            int up = above[i];
            int corner = i >= step ? above[i - step] : 0;
            line[i] += filter switch
            {
                0 => 0,
                1 => (byte)left,
                2 => (byte)up,
                3 => (byte)((left + up) / 2),
                4 => (byte)Nearest(left, up, corner),
                _ => throw new DataSetException($"'{path}': a line has the unknown filter {filter}; the picture is damaged, fetch it again"),
            };
        }
    }

    private static int Nearest(int left, int up, int corner)
    {
        int estimate = left + up - corner;
        int toLeft = Math.Abs(estimate - left);
        int toUp = Math.Abs(estimate - up);
        int toCorner = Math.Abs(estimate - corner);
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
