using AnalogHil.Core.Statistics;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.Precision.Comparison;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Energy of one method over another's at equal drop, on the same images with the same draws.</summary>
/// <param name="Network">Id of the network.</param>
/// <param name="Law">Id of the law.</param>
/// <param name="Ratio">With its interval over paired draws.</param>
/// <param name="Exceeds">Whether the method loses more than the drop at the highest energy tried: the ratio is then above the value.</param>
internal sealed record RatioRow(string Network, string Law, FixedSetRatio Ratio, bool Exceeds)
{
    /// <summary>All rows for which both cells are there and the reference reached the drop; a method that loses too much at every energy is no reason to
    /// leave a row out. One whose energy is not determined says nothing on either side and gives no row, nor does one that loses less than the drop at the
    /// lowest energy: <see cref="SummarySection"/> counts both.</summary>
    public static IReadOnlyList<RatioRow> All(IReadOnlyDictionary<CellKey, CellResult> cells, string method, string reference) =>
    [
        .. from cell in cells.Values
           where cell.Method == method && (cell.Energy.Reached || cell.Energy.Exceeds)
           let other = cells.GetValueOrDefault(cell.Key with { Method = reference })
           where other is { Energy.Reached: true } && other.Energy.Images == cell.Energy.Images
           select Of(cell, other),
    ];

    private static RatioRow Of(CellResult cell, CellResult other)
    {
        FixedSetRatio ratio = FixedSetComparison.Ratio(
            cell.Energy.ToFixedSet(MethodIds.Title(cell.Method)), other.Energy.ToFixedSet(MethodIds.Title(other.Method)));
        return cell.Energy.Reached
            ? new RatioRow(cell.Network, cell.Law, ratio, false)
            : new RatioRow(
                cell.Network,
                cell.Law,
                ratio with { Ratio = ratio.Ratio with { Interval = new Interval(ratio.Ratio.Value, double.PositiveInfinity) } },
                true);
    }
}
