using System.Text;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Reports;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Charts;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.Precision.Comparison;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Ratios over the whole table: the corrected reading only, so that no network counts twice.</summary>
internal sealed class SummarySection(IReadOnlyDictionary<CellKey, CellResult> cells, IReadOnlyList<StudyNetwork> networks)
{
    private readonly IReadOnlyDictionary<CellKey, CellResult> _cells = KeptVariant.Added(cells);

    private const double Aim = 0.8;

    private static readonly (string Method, string Reference)[] Pairs =
    [
        (MethodIds.OursFullLayer, MethodIds.PaperLayer),
        (MethodIds.OursKept, MethodIds.PaperLayer),
        (MethodIds.OursFullChannel, MethodIds.PaperChannel),
        (MethodIds.OursFullLayer, MethodIds.PaperFullLayer),
        (MethodIds.PaperFullLayer, MethodIds.PaperLayer),
        (MethodIds.OursFullLayer, MethodIds.PaperSearch),
        (MethodIds.OursLayer, MethodIds.PaperLayer),
        (MethodIds.OursChannel, MethodIds.PaperChannel),
        (MethodIds.OursLayer, MethodIds.PaperSearch),
        (MethodIds.OursFullLayer, MethodIds.Uniform),
        (MethodIds.OursKept, MethodIds.Uniform),
        (MethodIds.OursFullChannel, MethodIds.Uniform),
        (MethodIds.OursLayer, MethodIds.Uniform),
        (MethodIds.PaperLayer, MethodIds.Uniform),
        (MethodIds.PaperChannel, MethodIds.Uniform),
        (MethodIds.Integer, MethodIds.OursLayer),
    ];

    public string Text()
    {
        var text = new StringBuilder("## Summary: energy at equal drop\n\n");
        text.Append(Markdown.Table(
            ["ratio of energies", "#median [95 %, order statistics]", "#cells", "#at most 0.8", "#not reached", "#below the least energy", "#not determined", "#smallest", "#largest"],
            Pairs.Select(pair => (pair, Rows: Rows(pair.Method, pair.Reference))).Where(pair => pair.Rows.Count > 0).Select(pair => Line(pair.pair, pair.Rows))));
        text.Append("The interval of the median takes the cells as independent, which three laws on one network are not. Aim: ours at most 0.8 of the paper's. ");
        text.Append("A method that loses more than the drop at the highest energy tried (not reached) counts as needing more than any other in the median, and never as at most 0.8. ");
        text.Append("One that loses less than the drop at the lowest energy tried, as whole reads do where a single one is enough, has no ratio either (below the least energy): less than any would do, and it is in no other column. ");
        text.Append("Nor is one whose drop does not fall with energy where it was looked for, or whose energy is not near any that was run (not determined). ");
        text.Append("\"Ours, the cheaper of its two\" is shares alone or in full, whichever needs less on the search split: it passes the images of both. ");
        text.Append("The choice and its ratio rest on the same images, which makes the ratio a little too good where the two are close.\n\n");
        text.Append(OwnPairs());
        text.Append(Learning());
        return text.ToString();
    }

    public string? Chart()
    {
        RatioChart.Row[] rows =
        [
            .. Rows(MethodIds.OursFullLayer, MethodIds.PaperLayer).Select(row => (row, Series: 0))
                .Concat(Rows(MethodIds.OursFullChannel, MethodIds.PaperChannel).Select(row => (row, Series: 1)))
                .OrderBy(entry => Order(entry.row.Network)).ThenBy(entry => entry.row.Law, StringComparer.Ordinal).ThenBy(entry => entry.Series)
                .Select(entry => new RatioChart.Row(
                    $"{entry.row.Network}, {entry.row.Law}",
                    entry.row.Ratio.Ratio.Value,
                    entry.row.Ratio.Ratio.Interval.Low,
                    entry.row.Ratio.Ratio.Interval.High,
                    entry.Series)),
        ];
        return rows.Length == 0 ? null : RatioChart.Draw("energy of ours over the paper's at equal drop", rows, Aim);
    }

    private string OwnPairs()
    {
        RatioRow[] layer = [.. Rows(MethodIds.OursFullLayer, MethodIds.PaperLayer)];
        RatioRow[] kept = [.. Rows(MethodIds.OursKept, MethodIds.PaperLayer)];
        RatioRow[] channel = [.. Rows(MethodIds.OursFullChannel, MethodIds.PaperChannel)];
        RatioRow[] same = [.. Rows(MethodIds.OursFullLayer, MethodIds.PaperFullLayer)];
        RatioRow[] shares = [.. Rows(MethodIds.OursLayer, MethodIds.PaperLayer)];
        if (layer.Length + channel.Length + same.Length + shares.Length == 0)
        {
            return "";
        }

        return "![ours over the paper's](paper-ratios.svg)\n\n" + Markdown.Table(
            [
                "network", "law", "#per layer, ours / paper", "#per layer, the cheaper of ours / paper", "#per channel, ours / paper",
                "#per layer, ours / paper with our ranges and correction", "#per layer, our shares / paper",
            ],
            layer.Concat(channel).Concat(same).Concat(shares).Select(row => (row.Network, row.Law)).Distinct()
                .OrderBy(key => Order(key.Network)).ThenBy(key => key.Law, StringComparer.Ordinal)
                .Select(key => (IReadOnlyList<string>)
                [
                    key.Network, key.Law,
                    Cell(layer, key, MethodIds.OursFullLayer, MethodIds.PaperLayer),
                    Cell(kept, key, MethodIds.OursKept, MethodIds.PaperLayer),
                    Cell(channel, key, MethodIds.OursFullChannel, MethodIds.PaperChannel),
                    Cell(same, key, MethodIds.OursFullLayer, MethodIds.PaperFullLayer),
                    Cell(shares, key, MethodIds.OursLayer, MethodIds.PaperLayer),
                ]))
            + $"Intervals: 95 % over paired draws (n is their number), {FixedSetRatio.Label}; neither other images nor another run of learning.\n\n";

        string Cell(RatioRow[] rows, (string Network, string Law) key, string method, string reference) =>
            rows.FirstOrDefault(row => row.Network == key.Network && row.Law == key.Law) is { } found
                ? found.Exceeds
                    ? $"above {Figures.Significant(found.Ratio.Ratio.Value)}, not reached"
                    : $"{Markdown.Interval(found.Ratio.Ratio.Value, found.Ratio.Ratio.Interval.Low, found.Ratio.Ratio.Interval.High)}, n = {found.Ratio.Ratio.N}"
                : Absence(new CellKey(key.Network, key.Law, method), new CellKey(key.Network, key.Law, reference));
    }

    private string Absence(CellKey method, CellKey reference) =>
        _cells.GetValueOrDefault(method) is not { } cell || _cells.GetValueOrDefault(reference) is not { } other ? "not run"
        : !cell.Energy.Reached ? cell.Energy.Absence
        : !other.Energy.Reached ? $"the reference: {other.Energy.Absence}"
        : "other images";

    // Cost of learning in images, forward and backward.
    private string Learning()
    {
        CellResult[] ours = [.. cells.Values.Where(cell => cell.Method is MethodIds.OursFullLayer or MethodIds.OursFullChannel)];
        CellResult[] kept = [.. _cells.Values.Where(cell => cell.Method == MethodIds.OursKept)];
        CellResult[] paper = [.. cells.Values.Where(cell => cell.Method is MethodIds.PaperLayer or MethodIds.PaperChannel)];
        return ours.Length == 0
            ? ""
            : $"Images passed to learn, most of any cell: ours {Most(ours)}{(kept.Length > 0 ? $", the cheaper of its two {Most(kept)}" : "")}; paper {(paper.Length == 0 ? "not run" : Most(paper))}.\n\n";

        static string Most(CellResult[] some) =>
            $"{Figures.Count(some.Max(cell => cell.Learning.Forward))} forward and {Figures.Count(some.Max(cell => cell.Learning.Backward))} backward";
    }

    private IReadOnlyList<string> Line((string Method, string Reference) pair, IReadOnlyList<RatioRow> rows)
    {
        double[] values = [.. rows.Select(row => row.Exceeds ? double.PositiveInfinity : row.Ratio.Ratio.Value)];
        Estimate median = MedianInterval.Of(values);
        return
        [
            $"{MethodIds.Title(pair.Method)} / {MethodIds.Title(pair.Reference)}",
            Markdown.Interval(median.Value, median.Interval.Low, median.Interval.High),
            Figures.Count(values.Length),
            Figures.Count(values.Count(value => value <= Aim)),
            Figures.Count(rows.Count(row => row.Exceeds)),
            Figures.Count(Without(pair.Method, pair.Reference, energy => energy.IsBelowLeast)),
            Figures.Count(Without(pair.Method, pair.Reference, energy => energy.IsUndetermined)),
            Figures.Significant(values.Min()),
            rows.Any(row => row.Exceeds) ? "not reached" : Figures.Significant(values.Max()),
        ];
    }

    private int Without(string method, string reference, Func<EqualDrop, bool> why) => _cells.Values.Count(cell =>
        cell.Method == method && why(cell.Energy) && !cell.Law.EndsWith(LawCase.PaperCode, StringComparison.Ordinal)
        && _cells.GetValueOrDefault(cell.Key with { Method = reference }) is { Energy.Reached: true });

    private IReadOnlyList<RatioRow> Rows(string method, string reference) =>
        [.. RatioRow.All(_cells, method, reference).Where(row => !row.Law.EndsWith(LawCase.PaperCode, StringComparison.Ordinal))];

    private int Order(string network) => networks.Select((one, i) => (one.Id, i)).FirstOrDefault(one => one.Id == network).i;
}
