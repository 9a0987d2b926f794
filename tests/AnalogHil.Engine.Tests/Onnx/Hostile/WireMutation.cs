namespace AnalogHil.Engine.Tests.Onnx.Hostile;

/// <summary>Damage on the level of protobuf: one field somewhere in the tree is changed, and the lengths around it are made right again.</summary>
internal static class WireMutation
{
    private const int Deepest = 8;

    public static byte[] Apply(byte[] file, Random random) => Message(file, random, 0);

    private static byte[] Message(ReadOnlySpan<byte> message, Random random, int depth)
    {
        List<WireField>? fields = Split(message);
        if (fields is null || fields.Count == 0)
        {
            return [.. message, (byte)random.Next(256), (byte)random.Next(256)];
        }

        int at = random.Next(fields.Count);
        WireField field = fields[at];
        switch (random.Next(12))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.InsertRange(at, Enumerable.Repeat(field, random.Next(1, 40)));
                break;
            case 2:
                int other = random.Next(fields.Count);
                (fields[at], fields[other]) = (fields[other], field);
                break;
            case 3:
                fields[at] = field with { Tag = (ulong)random.Next(1, 25) << 3 | field.Tag & 7 };
                break;
            case 4:
                fields[at] = field with { Tag = field.Tag & ~7UL | (uint)random.Next(8) };
                break;
            default:
                fields[at] = Change(field, random, depth);
                break;
        }

        return [.. fields.SelectMany(f => f.Write())];
    }

    private static WireField Change(WireField field, Random random, int depth)
    {
        switch (field.Tag & 7)
        {
            case 0:
                return field with { Number = (ulong)HostileNumbers.Next(random, (long)field.Number) };
            case 2 when depth < Deepest && random.Next(5) != 0 && Split(field.Payload) is not null:
                return field with { Payload = Message(field.Payload, random, depth + 1) };
            case 2:
                byte[] payload = field.Payload;
                int cut = random.Next(payload.Length + 1);
                return random.Next(6) switch
                {
                    0 => field with { Payload = payload[..cut] },
                    1 => field with { Payload = [.. payload, .. payload[..Math.Min(cut, 4096)]] },
                    2 => field with { Payload = [.. payload[..cut], 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01] },
                    3 => field with { Excess = random.Next(-3, 1 << random.Next(1, 31)) },
                    4 => Wrap(field, random.Next(1, 300)),
                    _ => field with { Payload = [.. Enumerable.Repeat((byte)random.Next(256), random.Next(64))] },
                };
            default:
                byte[] fixedBytes = [.. field.Payload];
                random.NextBytes(fixedBytes);
                return field with { Payload = fixedBytes };
        }
    }

    // The field inside itself, many times.
    private static WireField Wrap(WireField field, int levels)
    {
        for (int i = 0; i < levels && field.Payload.Length < 1 << 20; i++)
        {
            field = field with { Payload = field.Write() };
        }

        return field;
    }

    private static List<WireField>? Split(ReadOnlySpan<byte> message)
    {
        var fields = new List<WireField>();
        for (int at = 0; at < message.Length;)
        {
            if (!TryVarint(message, ref at, out ulong tag))
            {
                return null;
            }

            ulong number = 0;
            ulong length = 0;
            switch (tag & 7)
            {
                case 0 when TryVarint(message, ref at, out number):
                    break;
                case 1:
                    length = 8;
                    break;
                case 2 when TryVarint(message, ref at, out length):
                    break;
                case 5:
                    length = 4;
                    break;
                default:
                    return null;
            }

            if (tag >> 3 == 0 || length > (ulong)(message.Length - at))
            {
                return null;
            }

            fields.Add(new WireField(tag, number, message.Slice(at, (int)length).ToArray()));
            at += (int)length;
        }

        return fields;
    }

    private static bool TryVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
