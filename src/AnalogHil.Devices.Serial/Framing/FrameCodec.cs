using System.Buffers.Binary;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Framing;

/// <summary>Frames on the wire: 00, COBS(header, payload, CRC-32C), 00.</summary>
internal static class FrameCodec
{
    /// <summary>Longest frame without stuffing.</summary>
    public const int MaxPlain = WireFrameHeader.Size + LinkSchema.MaxPayload + LinkSchema.CrcSize;

    /// <summary>Longest stuffed frame, without the zeros around it.</summary>
    public static readonly int MaxStuffed = Cobs.Bound(MaxPlain);

    /// <summary>Longest frame with its two zeros.</summary>
    public static readonly int MaxWire = MaxStuffed + 2;

    /// <summary>Most bytes on the wire for a payload of that length.</summary>
    public static int WireBytes(int payload) => Cobs.Bound(WireFrameHeader.Size + payload + LinkSchema.CrcSize) + 2;

    /// <summary>Writes a frame; the header's length is taken from the payload. Returns the bytes written, at most <see cref="MaxWire"/>.</summary>
    public static int Encode(WireFrameHeader header, ReadOnlySpan<byte> payload, Span<byte> wire)
    {
        if (payload.Length > LinkSchema.MaxPayload)
        {
            throw new ArgumentException($"payload of {payload.Length} bytes, a frame holds {LinkSchema.MaxPayload}; cut the message", nameof(payload));
        }

        Span<byte> plain = stackalloc byte[MaxPlain];
        int count = WireFrameHeader.Size + payload.Length;
        (header with { Length = (ushort)payload.Length }).Write(plain);
        payload.CopyTo(plain[WireFrameHeader.Size..]);
        BinaryPrimitives.WriteUInt32LittleEndian(plain[count..], FrameChecksum.Of(FrameChecksum.SeedOf(header.Kind), plain[..count]));
        wire[0] = 0;
        int stuffed = Cobs.Encode(plain[..(count + LinkSchema.CrcSize)], wire[1..]);
        wire[stuffed + 1] = 0;
        return stuffed + 2;
    }

    /// <summary>Decodes what lay between two zeros; header and payload are set for <see cref="FrameResult.Good"/> only.</summary>
    /// <param name="stuffed">The bytes.</param>
    /// <param name="plain">Room for <see cref="MaxStuffed"/> bytes, where the payload will lie.</param>
    /// <param name="header">Header.</param>
    /// <param name="payload">Payload, within <paramref name="plain"/>.</param>
    public static FrameResult Decode(ReadOnlySpan<byte> stuffed, Span<byte> plain, out WireFrameHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (stuffed.Length > MaxStuffed)
        {
            return FrameResult.Length;
        }

        if (!Cobs.TryDecode(stuffed, plain, out int count))
        {
            return FrameResult.Stuffing;
        }

        count -= LinkSchema.CrcSize;
        if (count is < WireFrameHeader.Size or > MaxPlain - LinkSchema.CrcSize)
        {
            return FrameResult.Length;
        }

        var read = WireFrameHeader.Read(plain);
        if (FrameChecksum.Of(FrameChecksum.SeedOf(read.Kind), plain[..count]) != BinaryPrimitives.ReadUInt32LittleEndian(plain[count..]))
        {
            return FrameResult.Checksum;
        }

        if (read.Length != count - WireFrameHeader.Size)
        {
            return FrameResult.Length;
        }

        header = read;
        payload = plain[WireFrameHeader.Size..count];
        return FrameResult.Good;
    }
}
