using System.Globalization;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Diagnostics.Vectors;

/// <summary>One frame and its bytes on the wire.</summary>
internal readonly record struct FrameVector(WireFrameHeader Header, byte[] Payload, byte[] Wire)
{
    /// <summary>Reads "kind channel length sequence acknowledge received link payload wire".</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static FrameVector Parse(string line)
    {
        string[] parts = line.Split(' ');
        if (parts.Length != 9)
        {
            throw new FormatException($"a frame has 9 parts, \"{line}\" has {parts.Length}");
        }

        int[] numbers = [.. parts[..7].Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return new FrameVector(
            new WireFrameHeader(
                (WireFrameKind)numbers[0], (WireChannel)numbers[1], (ushort)numbers[2], (ushort)numbers[3], (ushort)numbers[4], (byte)numbers[5], 0,
                (ushort)numbers[6]),
            parts[7] == "-" ? [] : Convert.FromHexString(parts[7]),
            Convert.FromHexString(parts[8]));
    }
}
