namespace AnalogHil.Devices.Serial.Framing;

/// <summary>Consistent overhead byte stuffing (Cheshire and Baker 1999): what is stuffed holds no zero and is at most one byte in 254 longer.</summary>
internal static class Cobs
{
    private const int LongestRun = 254;

    /// <summary>Most bytes that <paramref name="count"/> bytes become.</summary>
    public static int Bound(int count) => count + Math.Max(1, (count + LongestRun - 1) / LongestRun);

    /// <summary>Stuffs; returns the bytes written. <paramref name="to"/> holds <see cref="Bound"/> bytes and does not overlap.</summary>
    public static int Encode(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int written = 0;
        while (true)
        {
            int run = from.IndexOf((byte)0);
            bool ends = run < 0;
            run = ends ? from.Length : run;
            if (run > LongestRun || (run == LongestRun && !ends))
            {
                // A full run implies no zero behind it; what follows begins a run of its own.
                to[written] = byte.MaxValue;
                from[..LongestRun].CopyTo(to[(written + 1)..]);
                written += LongestRun + 1;
                from = from[LongestRun..];
                continue;
            }

            to[written] = (byte)(run + 1);
            from[..run].CopyTo(to[(written + 1)..]);
            written += run + 1;
            if (ends)
            {
                return written;
            }

            from = from[(run + 1)..];
        }
    }

    /// <summary>The inverse; false for bytes that are no encoding. <paramref name="to"/> is as long as <paramref name="from"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> from, Span<byte> to, out int written)
    {
        written = 0;
        if (from.IsEmpty || from.Contains((byte)0))
        {
            return false;
        }

        while (!from.IsEmpty)
        {
            int run = from[0] - 1;
            if (run >= from.Length)
            {
                return false;
            }

            from.Slice(1, run).CopyTo(to[written..]);
            written += run;
            from = from[(run + 1)..];
            if (run < LongestRun && !from.IsEmpty)
            {
                to[written++] = 0;
            }
        }

        return true;
    }
}
