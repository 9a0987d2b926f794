using AnalogHil.PaperStudy.Cells;
using AnalogHil.Precision.Comparison;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Energy of one method over another's at equal drop, on the same images with the same draws.</summary>
/// <param name="Network">Id of the network.</param>
/// <param name="Law">Id of the law.</param>
/// <param name="Ratio">With its interval over paired draws.</param>
internal sealed record RatioRow(string Network, string Law, FixedSetRatio Ratio)
{
    /// <summary>All rows for which both cells are there and reached the drop.</summary>
    public static IReadOnlyList<RatioRow> All(IReadOnlyDictionary<CellKey, CellResult> cells, string method, string reference) =>
    [
        .. from cell in cells.Values
           where cell.Method == method && cell.Energy.Reached
           let other = cells.GetValueOrDefault(cell.Key with { Method = reference })
           where other is { Energy.Reached: true } && other.Energy.Images == cell.Energy.Images
           select new RatioRow(cell.Network, cell.Law, FixedSetComparison.Ratio(
               cell.Energy.ToFixedSet(MethodIds.Title(method)), other.Energy.ToFixedSet(MethodIds.Title(reference)))),
    ];
}
