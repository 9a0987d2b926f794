namespace AnalogHil.Devices.Benches;

/// <summary>Finds what somebody meant to write.</summary>
internal static class Spelling
{
    /// <summary>The known word with the fewest edits (Levenshtein 1966), null when none is near.</summary>
    public static string? Nearest(string text, IEnumerable<string> known)
    {
        string? best = null;
        int fewest = Math.Max(2, text.Length / 3) + 1;
        foreach (string word in known)
        {
            int edits = Edits(text, word);
            if (edits < fewest)
            {
                fewest = edits;
                best = word;
            }
        }

        return best;
    }

    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int above = row[j];
                bool same = char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]);
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
