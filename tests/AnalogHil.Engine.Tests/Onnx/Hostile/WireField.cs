namespace AnalogHil.Engine.Tests.Onnx.Hostile;

/// <summary>One field of a protobuf message.</summary>
/// <param name="Tag">Field number and wire type.</param>
/// <param name="Number">Value of a varint.</param>
/// <param name="Payload">Bytes of any other field.</param>
/// <param name="Excess">By how much the written length lies.</param>
internal sealed record WireField(ulong Tag, ulong Number, byte[] Payload, int Excess = 0)
{
    public byte[] Write() => (Tag & 7) switch
    {
        0 => [.. Varint(Tag), .. Varint(Number)],
        2 => [.. Varint(Tag), .. Varint((ulong)Math.Max(0, (long)Payload.Length + Excess)), .. Payload],
        _ => [.. Varint(Tag), .. Payload],
    };

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
