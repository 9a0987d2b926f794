using System.Buffers.Binary;
using System.IO.Compression;
using AnalogHil.Engine.Data.Pictures;

namespace AnalogHil.Engine.Tests.Data.Pictures;

/// <summary>Writes PNG files with a chosen filter for each line, for tests.</summary>
internal static class PngWriter
{
    public static byte[] Write(PngHeader header, byte[] samples, Func<int, int> filterOf, byte[]? palette = null, int interlace = 0)
    {
        byte[] head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, header.Width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), header.Height);
        (head[8], head[9], head[12]) = ((byte)header.Depth, (byte)header.Color, (byte)interlace);
        using var packed = new MemoryStream();
        using (var lines = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < header.Height; y++)
            {
                int filter = filterOf(y);
                lines.WriteByte((byte)filter);
                for (int i = 0; i < header.LineBytes; i++)
                {
                    lines.WriteByte((byte)(Byte(y, i) - Predict(filter, Byte(y, i - header.FilterStep), Byte(y - 1, i), Byte(y - 1, i - header.FilterStep))));
                }
            }
        }

        byte[] data = packed.ToArray();
        // Two data chunks: a reader must join them.
        return
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR"u8, head), .. Chunk("tEXt"u8, [65, 0, 66]),
            .. palette is null ? [] : Chunk("PLTE"u8, palette), .. Chunk("IDAT"u8, data.AsSpan(0, data.Length / 2)), .. Chunk("IDAT"u8, data.AsSpan(data.Length / 2)), .. Chunk("IEND"u8, []),
        ];

        byte Byte(int y, int i) => y < 0 || i < 0 ? (byte)0 : samples[y * header.LineBytes + i];
    }

    public static byte[] Chunk(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), PngChecksum.Of(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static int Predict(int filter, int left, int up, int corner)
    {
        int[] distances = [Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - 2 * corner)];
        return filter switch
        {
            1 => left,
            2 => up,
            3 => (left + up) / 2,
            4 => new[] { left, up, corner }[Array.IndexOf(distances, distances.Min())],
            _ => 0,
        };
    }
}
