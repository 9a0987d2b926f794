using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AnalogHil.Calibration.Archive;

/// <summary>A growing NumPy table of 32-bit floats (format 1.0): the header has a fixed length, so that rows are appended and their number is put in
/// place.</summary>
internal static class ReadTable
{
    private const int HeaderLength = 128;

    /// <summary>Appends rows; the file is whole again when this returns.</summary>
    public static void Append(string path, ReadOnlySpan<float> rows, int columns)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        long there = file.Length > HeaderLength ? (file.Length - HeaderLength) / (sizeof(float) * (long)columns) : 0;
        file.Position = HeaderLength + there * columns * sizeof(float);
        file.Write(Bytes(rows));
        file.Position = 0;
        file.Write(Header(there + rows.Length / columns, columns));
    }

    /// <summary>Reads at most <paramref name="rows"/> rows; fewer where the file was cut off.</summary>
    public static float[] Read(string path, long rows, int columns)
    {
        using var file = File.OpenRead(path);
        long there = Math.Min(rows, Math.Max(0, file.Length - HeaderLength) / (sizeof(float) * (long)columns));
        float[] values = new float[there * columns];
        file.Position = HeaderLength;
        file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        if (!BitConverter.IsLittleEndian)
        {
            foreach (ref float value in values.AsSpan())
            {
                value = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReverseEndianness(BitConverter.SingleToInt32Bits(value)));
            }
        }

        return values;
    }

    private static byte[] Header(long rows, int columns)
    {
        byte[] header = new byte[HeaderLength];
        header.AsSpan().Fill((byte)' ');
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];
        magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), HeaderLength - 10);
        string text = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    private static ReadOnlySpan<byte> Bytes(ReadOnlySpan<float> rows)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.AsBytes(rows);
        }

        byte[] bytes = new byte[rows.Length * sizeof(float)];
        for (int i = 0; i < rows.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), rows[i]);
        }

        return bytes;
    }
}
