using System.Collections.Immutable;
using System.Globalization;

namespace AnalogHil.Cli.Calibrations;

/// <summary>Tiles as people write them: "0-7,12".</summary>
internal static class TileList
{
    private const int Most = 1 << 20;

    /// <summary>The tiles.</summary>
    /// <exception cref="CliException">It is no list of tiles.</exception>
    public static ImmutableArray<int> Parse(string text)
    {
        var tiles = new SortedSet<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-');
            if (ends.Length is < 1 or > 2 || !TryRead(ends[0], out int first) || !TryRead(ends[^1], out int last) || last < first)
            {
                throw new CliException(ExitCode.Usage, $"--tiles: '{part}' is no tile and no range of tiles; write for example 0-7,12");
            }

            tiles.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return [.. tiles];
    }

    private static bool TryRead(string text, out int tile) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out tile) && tile < Most;
}
