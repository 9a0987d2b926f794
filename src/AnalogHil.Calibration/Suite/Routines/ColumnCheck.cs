using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Graph;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>A check of all columns at once: an unchanged device fails it in at most one of a hundred checks.</summary>
internal static class ColumnCheck
{
    /// <summary>Chance that any column of an unchanged device is named.</summary>
    public const double FamilyLevel = 0.01;

    // Beyond that the whole device has moved, and measuring column by column would spare nothing.
    private const double MostColumns = 0.25;

    /// <summary>Judges.</summary>
    /// <param name="what">What is compared.</param>
    /// <param name="probabilities">Of a change this large, column by column.</param>
    public static RoutineCheck Of(string what, IEnumerable<(ColumnPlace Place, double Probability)> probabilities)
    {
        (ColumnPlace Place, double Probability)[] all = [.. probabilities];
        ImmutableArray<double> adjusted = HolmProcedure.Adjust([.. all.Select(pair => pair.Probability)]);
        ColumnPlace[] failed = [.. all.Where((_, i) => adjusted[i] <= FamilyLevel).Select(pair => pair.Place)];
        string detail = failed.Length == 0
            ? string.Create(CultureInfo.InvariantCulture,
                $"{what} of {all.Length} columns unchanged (smallest probability {adjusted.DefaultIfEmpty(1).Min():G2}, limit {FamilyLevel})")
            : $"{what} of {failed.Length} of {all.Length} columns changed (first: tile {failed[0].Tile} column {failed[0].Column})";
        return new(failed.Length == 0, failed.Length > MostColumns * all.Length ? [] : [.. failed], detail);
    }
}
