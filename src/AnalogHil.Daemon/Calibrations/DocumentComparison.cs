using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Calibration.Comparison;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>What changed between two calibrations of one device, figure by figure and column by column.</summary>
/// <param name="Before">Id of the earlier.</param>
/// <param name="After">Id of the later.</param>
/// <param name="Figures">Figures of the whole device.</param>
/// <param name="Maps">Figures of every column.</param>
/// <param name="SameReads">Routines whose result in both rests on the same reads: nothing to compare.</param>
/// <param name="FamilyLevel">Chance that any figure of an unchanged device is called changed; the same again for the columns of all maps together.</param>
public sealed record DocumentComparison(
    string Before, string After, CalibrationComparison Figures, ImmutableArray<MapChange> Maps, ImmutableArray<string> SameReads, double FamilyLevel)
{
    /// <summary>Whether anything changed.</summary>
    public bool Changed => Figures.Changed || Maps.Any(map => !map.Changed.IsEmpty);

    /// <summary>Compares; the order of time is found out.</summary>
    /// <exception cref="CampaignException">They are of different devices, or of different spans.</exception>
    public static DocumentComparison Of(CalibrationDocument one, CalibrationDocument other, double familyLevel = 0.05)
    {
        (CalibrationDocument before, CalibrationDocument after) = one.Finished <= other.Finished ? (one, other) : (other, one);
        if (before.Device.Uid != after.Device.Uid || before.FullScale != after.FullScale)
        {
            throw new CampaignException(
                ErrorReason.RequestInvalid,
                $"{before.Id} is of {before.Device.Uid} and {after.Id} of {after.Device.Uid}, or their spans differ; "
                    + "compare two calibrations of one device");
        }

        ImmutableArray<string> same =
        [
            .. before.Routines.Where(row => after.Routines.Any(later => later.Name == row.Name && later.Entry.Record is { } record
                && record.Changed == row.Entry.Record?.Changed)).Select(row => row.Name),
        ];
        ColumnMap[] newer = [.. after.Maps()];
        (ColumnMap Before, ColumnMap After)[] maps =
        [
            .. before.Ordered().Where(result => !same.Contains(result.Routine)).SelectMany(result => result.Maps)
                .Where(map => newer.Any(later => later.Name == map.Name && later.Columns == map.Columns)).Select(map => (map,
                    newer.First(later => later.Name == map.Name))),
        ];
        return new(before.Id, after.Id, CalibrationComparison.Of(Named(before, same), Named(after, same), familyLevel),
            [.. maps.Select(pair => Compared(pair.Before, pair.After, familyLevel / maps.Length))], same, familyLevel);
    }

    /// <summary>The comparison as lines of text.</summary>
    public IEnumerable<string> Report()
    {
        yield return $"{Before} -> {After}";
        foreach (string line in Figures.Report())
        {
            yield return line;
        }

        foreach (MapChange map in Maps)
        {
            string first = map.Changed.IsEmpty ? "" : $" (first: tile {map.Changed[0].Tile} column {map.Changed[0].Column})";
            yield return string.Create(CultureInfo.InvariantCulture,
                $"map {map.Name}: {map.Changed.Length} of {map.Columns} columns changed{first}; median shift {map.MedianShift:P2}");
        }

        if (Maps.Length > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"an unchanged device shows any changed column in {FamilyLevel:P1} of comparisons");
        }

        if (!SameReads.IsEmpty)
        {
            yield return $"not compared, both rest on the same reads: {string.Join(", ", SameReads)}";
        }
    }

    private static Dictionary<string, Core.Statistics.Estimate> Named(CalibrationDocument document, ImmutableArray<string> same) =>
        document.Ordered().Where(result => !same.Contains(result.Routine)).SelectMany(result => result.Figures).ToDictionary(figure => figure.Name,
            figure => figure.Value);

    private static MapChange Compared(ColumnMap before, ColumnMap after, double level)
    {
        var columns = new List<(ColumnPlace Place, double Probability, double Shift)>();
        foreach (int tile in before.Tiles)
        {
            for (int c = 0; c < before.Columns; c++)
            {
                var place = new ColumnPlace(tile, c);
                (int i, int j) = (before.IndexOf(place), after.IndexOf(place));
                if (j < 0 || !float.IsFinite(before.Value[i]) || !float.IsFinite(after.Value[j]))
                {
                    continue;
                }

                double error = Math.Sqrt(Square(Error(before, i)) + Square(Error(after, j)));
                double change = (double)after.Value[j] - before.Value[i];
                columns.Add((place, error > 0 ? 2 * Normal.CDF(0, 1, -Math.Abs(change) / error) : change == 0 ? 1 : 0,
                    before.Value[i] == 0 ? 0 : change / before.Value[i]));
            }
        }

        ImmutableArray<double> adjusted = HolmProcedure.Adjust([.. columns.Select(column => column.Probability)]);
        return new(
            before.Name,
            columns.Count,
            [.. columns.Where((_, i) => adjusted[i] <= level).Select(column => column.Place)],
            columns.Count == 0 ? 0 : columns.Select(column => column.Shift).Order().ElementAt(columns.Count / 2));
    }

    private static double Error(ColumnMap map, int i) => 0.5 * ((double)map.High[i] - map.Low[i]) / Normal.InvCDF(0, 1, 0.5 * (1 + map.Level));

    private static double Square(double value) => value * value;
}
