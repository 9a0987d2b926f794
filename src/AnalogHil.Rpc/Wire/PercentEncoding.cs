using System.Globalization;
using System.Text;

namespace AnalogHil.Rpc.Wire;

/// <summary>Encoding of grpc-message: UTF-8 with every byte outside printable ASCII, and '%', as %XX.</summary>
internal static class PercentEncoding
{
    /// <summary>Longest encoded message, bytes; peers refuse more than about 8 KiB of headers in all.</summary>
    public const int MaxEncodedLength = 1024;

    private const string Ellipsis = "...";

    /// <summary>Encodes; a text longer than <see cref="MaxEncodedLength"/> is cut between characters and ends in "...".</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(Math.Min(text.Length, MaxEncodedLength));
        Span<byte> utf8 = stackalloc byte[4];
        int keep = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int length = rune.EncodeToUtf8(utf8);
            if (length == 1 && utf8[0] is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                encoded.Append((char)utf8[0]);
            }
            else
            {
                foreach (byte b in utf8[..length])
                {
                    encoded.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
                }
            }

            if (encoded.Length <= MaxEncodedLength - Ellipsis.Length)
            {
                keep = encoded.Length;
            }
            else if (encoded.Length > MaxEncodedLength)
            {
                encoded.Length = keep;
                return encoded.Append(Ellipsis).ToString();
            }
        }

        return encoded.ToString();
    }

    /// <summary>Decodes; a '%' without two hexadecimal digits stays as it is.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, 1));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
