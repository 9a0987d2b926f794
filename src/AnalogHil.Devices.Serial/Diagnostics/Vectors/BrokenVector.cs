using AnalogHil.Devices.Serial.Framing;

namespace AnalogHil.Devices.Serial.Diagnostics.Vectors;

/// <summary>What lies between two zeros and must be refused, and why.</summary>
internal readonly record struct BrokenVector(FrameResult Reason, byte[] Stuffed)
{
    /// <summary>Reads "reason stuffed".</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static BrokenVector Parse(string line)
    {
        string[] parts = line.Split(' ');
        return parts.Length != 2
            ? throw new FormatException($"a broken frame has 2 parts, \"{line}\" has {parts.Length}")
            : new BrokenVector(
                parts[0] switch
                {
                    "crc" => FrameResult.Checksum,
                    "length" => FrameResult.Length,
                    "cobs" => FrameResult.Stuffing,
                    _ => throw new FormatException($"\"{parts[0]}\" is no reason; there are crc, length, cobs"),
                },
                Convert.FromHexString(parts[1]));
    }
}
