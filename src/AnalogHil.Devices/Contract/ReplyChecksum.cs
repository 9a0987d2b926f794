using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace AnalogHil.Devices.Contract;

/// <summary>CRC-32C (Castagnoli, RFC 3720 section 12.1) over the outputs of a reply: what <see cref="ExecuteReply.Checksum"/> holds.</summary>
public static class ReplyChecksum
{
    /// <summary>CRC-32C of <paramref name="outputs"/> as little-endian IEEE 754 floats.</summary>
    public static uint Of(ReadOnlySpan<float> outputs)
    {
        if (BitConverter.IsLittleEndian)
        {
            return Of(MemoryMarshal.AsBytes(outputs));
        }

        byte[] bytes = new byte[outputs.Length * sizeof(float)];
        for (int i = 0; i < outputs.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), outputs[i]);
        }

        return Of(bytes);
    }

    /// <summary>CRC-32C of <paramref name="bytes"/>; of the ASCII digits 1 to 9 it is 0xE3069283.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
