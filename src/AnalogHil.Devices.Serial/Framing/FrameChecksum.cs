using System.Buffers.Binary;
using System.Numerics;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Framing;

/// <summary>CRC-32C (Castagnoli) with the seeds of the link; the processor's own instruction where there is one.</summary>
internal static class FrameChecksum
{
    /// <summary>Seed of RFC 3720.</summary>
    public const uint StandardSeed = uint.MaxValue;

    /// <summary>Seed of frames of this kind: HELLO and what else needs no agreement use the standard one.</summary>
    public static uint SeedOf(WireFrameKind kind) => kind >= WireFrameKind.Hello ? StandardSeed : LinkSchema.Seed;

    /// <summary>Checksum of <paramref name="bytes"/>.</summary>
    public static uint Of(uint seed, ReadOnlySpan<byte> bytes)
    {
        uint crc = seed;
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
