using System.Text;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Reports;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.Precision.Comparison;

namespace AnalogHil.PaperStudy.Document;

/// <summary>The paper's own figures beside ours.</summary>
internal static class PublishedSection
{
    public static string Text(IReadOnlyList<StudyNetwork> networks, IReadOnlyDictionary<CellKey, CellResult> cells, Func<CellResult, CellResult, EqualPoint?> pointOf)
    {
        var text = new StringBuilder();
        List<string[]> rows = [.. networks.Where(network => network.PaperColumn is not null).SelectMany(network => Rows(network, cells))];
        if (rows.Count > 0)
        {
            text.Append(
                "## The paper's figures beside ours\n\nE at under 2 % loss in the paper (uniform / per layer / per channel; its own images, 50,000) and at 2 "
                + "points here; aJ for shot noise, else reads. Saving: one less the energy per layer over the uniform one, here with its 95 % interval over n "
                + $"paired draws, {FixedSetRatio.Label}; the paper gives none.\n\n");
            text.Append(Markdown.Table(
                [
                    "network", "law", "paper's figures", "here, the paper's method", "here, ours",
                    "saving per layer: paper", "saving per layer: here by its method", "saving per layer: here by ours",
                ],
                rows));
        }

        return text.Append(TotalsSection.Text(cells, pointOf)).ToString();
    }

    private static IEnumerable<string[]> Rows(StudyNetwork network, IReadOnlyDictionary<CellKey, CellResult> cells)
    {
        foreach (LawCase law in LawCase.For(network.Grouped))
        {
            string plain = law.Id.Replace(LawCase.PaperCode, "", StringComparison.Ordinal);
            if (PublishedFigures.Of(network.PaperColumn, plain) is not { } published)
            {
                continue;
            }

            double scale = law.InPhotons ? LawCase.AttojoulesPerPhoton : 1;
            yield return
            [
                network.PaperColumn!,
                law.Id,
                $"{Figures.Trimmed(published.Uniform)} / {Figures.Trimmed(published.Layer)} / {(published.Channel is { } channel ? Figures.Trimmed(channel) : "\u2013")}",
                $"{E(MethodIds.Uniform)} / {E(MethodIds.PaperLayer)} / {E(MethodIds.PaperChannel)}",
                $"{E(MethodIds.Uniform)} / {E(MethodIds.OursFullLayer)} / {E(MethodIds.OursFullChannel)}",
                Figures.Percent(1 - published.Layer / published.Uniform, 0),
                Saving(MethodIds.PaperLayer),
                Saving(MethodIds.OursFullLayer),
            ];

            string E(string method) => cells.GetValueOrDefault(new CellKey(network.Id, law.Id, method)) is { } cell
                ? cell.Energy.Reached ? Figures.Significant(scale * cell.Energy.Energy) : cell.Energy.Absence
                : "not run";

            string Saving(string method)
            {
                if (cells.GetValueOrDefault(new CellKey(network.Id, law.Id, MethodIds.Uniform)) is not { } uniform
                    || cells.GetValueOrDefault(new CellKey(network.Id, law.Id, method)) is not { } cell)
                {
                    return "not run";
                }

                return !uniform.Energy.Reached ? $"uniform: {uniform.Energy.Absence}"
                    : !cell.Energy.Reached ? cell.Energy.Absence
                    : RatioRow.All(cells, method, MethodIds.Uniform).FirstOrDefault(row => row.Network == network.Id && row.Law == law.Id) is { } row
                        ? Told(row.Ratio.Ratio)
                        : "other images";
            }
        }
    }

    private static string Told(Estimate ratio) =>
        $"{Figures.Percent(1 - ratio.Value, 0)} [{Figures.Percent(1 - ratio.Interval.High, 0)}, {Figures.Percent(1 - ratio.Interval.Low, 0)}], n = {ratio.N}";
}
