using System.Text;

namespace AnalogHil.Devices.Serial.Protocol;

/// <summary>Texts and hashes in structs of fixed size.</summary>
internal static class WireText
{
    /// <summary>ASCII up to the first zero.</summary>
    public static string Read(ReadOnlySpan<byte> from)
    {
        int end = from.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? from : from[..end]);
    }

    /// <summary>ASCII, filled up with zeros.</summary>
    /// <exception cref="ArgumentException">Longer than the field.</exception>
    public static void Write(string text, Span<byte> to)
    {
        if (text.Length > to.Length)
        {
            throw new ArgumentException($"\"{text}\" has {text.Length} characters, the field holds {to.Length}; shorten it", nameof(text));
        }

        to.Clear();
        Encoding.ASCII.GetBytes(text, to);
    }

    /// <summary>Hexadecimal digits, as many as the field has.</summary>
    /// <exception cref="ArgumentException">Not that many.</exception>
    public static void WriteHex(string digits, Span<byte> to)
    {
        if (digits.Length != 2 * to.Length || Convert.FromHexString(digits, to, out _, out int written) != System.Buffers.OperationStatus.Done
            || written != to.Length)
        {
            throw new ArgumentException($"\"{digits}\" is not {2 * to.Length} hexadecimal digits", nameof(digits));
        }
    }
}
