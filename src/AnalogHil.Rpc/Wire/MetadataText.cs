using Grpc.Core;

namespace AnalogHil.Rpc.Wire;

/// <summary>Metadata entries as header values: text as it is, bytes in base64.</summary>
internal static class MetadataText
{
    /// <summary>The header value of an entry; base64 without padding, as the protocol asks.</summary>
    public static string Format(Metadata.Entry entry) => entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;

    /// <summary>Adds what a header says to metadata; skips the protocol's own headers.</summary>
    /// <exception cref="RpcException">INTERNAL: a binary value is not base64.</exception>
    public static void Read(Metadata metadata, string name, string value)
    {
        if (HeaderNames.IsReserved(name))
        {
            return;
        }

        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            // A peer's key or value outside the permitted characters is not ours to repair.
            if (IsText(name, value))
            {
                metadata.Add(name, value);
            }

            return;
        }

        // Several values of one key may arrive joined by commas, which base64 does not use.
        foreach (string part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            metadata.Add(name, Decode(name, part));
        }
    }

    private static byte[] Decode(string name, string base64)
    {
        string body = base64.TrimEnd('=');
        try
        {
            return Convert.FromBase64String(body.PadRight((body.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"Header {name} is not base64; send bytes of a \"-bin\" key in base64."));
        }
    }

    private static bool IsText(string name, string value) =>
        value.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
