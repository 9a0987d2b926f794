using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Diagnostics.Vectors;

/// <summary>Holds this program's codec against a set of vectors: its own, or those that another implementation wrote.</summary>
public static class CodecCheck
{
    /// <summary>Encodes and decodes every vector.</summary>
    /// <exception cref="FormatException">A line is no vector.</exception>
    public static VectorReport Run(GoldenVectors vectors)
    {
        var differences = new List<string>();
        string? hash = vectors.LinesOf("schema.txt").Select(line => line.Split(' ')).FirstOrDefault(parts => parts[0] == "hash")?.ElementAtOrDefault(1);
        if (hash != LinkSchema.Hash)
        {
            differences.Add($"schema.txt: made for schema {hash ?? "(none)"}, this program has {LinkSchema.Hash}; nothing else can agree");
        }

        int frames = Each("frames.txt", line => Frame(FrameVector.Parse(line)));
        int broken = Each("broken.txt", line => Broken(BrokenVector.Parse(line)));
        int messages = Each("messages.txt", Message);
        return new VectorReport("this program", vectors.Source, frames, broken, messages, [.. differences.Take(VectorReport.MostDifferences)]);

        int Each(string file, Func<string, string?> check)
        {
            int count = 0;
            foreach (string line in vectors.LinesOf(file))
            {
                count++;
                if (check(line) is { } difference)
                {
                    differences.Add($"{file}, vector {count}: {difference}");
                }
            }

            return count;
        }
    }

    private static string? Frame(FrameVector vector)
    {
        byte[] wire = new byte[FrameCodec.MaxWire];
        if (!wire.AsSpan(0, FrameCodec.Encode(vector.Header, vector.Payload, wire)).SequenceEqual(vector.Wire))
        {
            return "encodes to other bytes";
        }

        FrameResult result = FrameCodec.Decode(vector.Wire.AsSpan()[1..^1], new byte[FrameCodec.MaxStuffed], out WireFrameHeader header,
            out ReadOnlySpan<byte> payload);
        return result != FrameResult.Good ? $"is refused: {result}"
            : header != vector.Header || !payload.SequenceEqual(vector.Payload) ? "decodes to another frame"
            : null;
    }

    private static string? Broken(BrokenVector vector)
    {
        FrameResult result = FrameCodec.Decode(vector.Stuffed, new byte[FrameCodec.MaxStuffed], out _, out _);
        return result == vector.Reason ? null : $"gives {result}, {vector.Reason} is right";
    }

    private static string? Message(string line)
    {
        string[] parts = line.Split('|');
        if (parts.Length != 3)
        {
            throw new FormatException($"a message has 3 parts, \"{line}\" has {parts.Length}");
        }

        byte[] bytes = Convert.FromHexString(parts[2]);
        (string text, byte[] again) = WireTexts.Of(parts[0], bytes);
        return text != parts[1] ? $"{parts[0]} reads {text}, {parts[1]} is right"
            : !again.AsSpan().SequenceEqual(bytes) ? $"{parts[0]} encodes to other bytes"
            : null;
    }
}
