using System.Buffers.Binary;
using System.Text;
using AnalogHil.Ledger.Records;

namespace AnalogHil.Ledger.Export;

/// <summary>An array as a NumPy file: format version 1.0, little-endian float32, C order.</summary>
internal static class NpyFile
{
    // Magic, version and length of the header; NumPy aligns what follows the header to 64 bytes.
    private const int Preamble = 10;
    private const int Alignment = 64;

    public static byte[] Bytes(ArrayEntry array)
    {
        string shape = array.Shape.Length == 1 ? $"{array.Shape[0]}," : string.Join(", ", array.Shape);
        string description = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}";
        int header = (Preamble + description.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] file = new byte[header + array.Values.Length * sizeof(float)];
        file[0] = 0x93;
        "NUMPY"u8.CopyTo(file.AsSpan(1));
        file[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)(header - Preamble));
        file.AsSpan(Preamble, header - Preamble).Fill((byte)' ');
        Encoding.ASCII.GetBytes(description, file.AsSpan(Preamble));
        file[header - 1] = (byte)'\n';
        for (int i = 0; i < array.Values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(header + i * sizeof(float)), array.Values.Span[i]);
        }

        return file;
    }
}
