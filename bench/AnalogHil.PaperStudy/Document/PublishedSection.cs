using System.Text;
using AnalogHil.Daemon.Reports;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;

namespace AnalogHil.PaperStudy.Document;

/// <summary>The paper's own figures beside ours, and the energy of whole networks at equal accuracy.</summary>
internal static class PublishedSection
{
    private const string Large = "resnet50";
    private const string Small = "mobilenetv2";

    public static string Text(IReadOnlyList<StudyNetwork> networks, IReadOnlyDictionary<CellKey, CellResult> cells)
    {
        var text = new StringBuilder();
        List<string[]> rows = [.. networks.Where(network => network.PaperColumn is not null).SelectMany(network => Rows(network, cells))];
        if (rows.Count > 0)
        {
            text.Append("## The paper's figures beside ours\n\nE at under 2 % loss in the paper (uniform / per layer / per channel; its own images, 50,000) and at 2 points here; aJ for shot noise, else reads.\n\n");
            text.Append(Markdown.Table(["network", "law", "paper's figures", "here, the paper's method", "here, ours"], rows));
        }

        return text.Append(Totals(cells)).ToString();
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
            ];

            string E(string method) => cells.GetValueOrDefault(new CellKey(network.Id, law.Id, method)) is { } cell
                ? cell.Energy.Reached ? Figures.Significant(scale * cell.Energy.Energy) : "not reached"
                : "not run";
        }
    }

    // At the accuracy that the smaller network keeps at the drop: the larger one may lose more, by its slope there.
    private static string Totals(IReadOnlyDictionary<CellKey, CellResult> cells)
    {
        List<string[]> rows = [];
        foreach (string law in (string[])["thermal", "weight", "shot"])
        {
            foreach (string method in (string[])[MethodIds.Uniform, MethodIds.OursLayer, MethodIds.OursFullLayer, MethodIds.OursFullChannel])
            {
                if (cells.GetValueOrDefault(new CellKey(Large, law, method)) is not { Energy.Reached: true } large
                    || cells.GetValueOrDefault(new CellKey(Small, law, method)) is not { Energy.Reached: true } small)
                {
                    continue;
                }

                double scale = law == "shot" ? LawCase.AttojoulesPerPhoton : 1;
                double spare = (large.CleanAccuracy - large.Energy.Drop) - (small.CleanAccuracy - small.Energy.Drop);
                double energy = large.Energy.Energy * Math.Exp(spare / large.Energy.Slope);
                double totalLarge = scale * energy * large.Macs;
                double totalSmall = scale * small.Energy.Energy * small.Macs;
                rows.Add([
                    law,
                    MethodIds.Title(method),
                    $"{Figures.Fixed(100 * (small.CleanAccuracy - small.Energy.Drop), 2)} %",
                    Figures.Significant(totalLarge),
                    Figures.Significant(totalSmall),
                    Figures.Significant(totalLarge / totalSmall),
                ]);
            }
        }

        return rows.Count == 0
            ? "## Whole networks at equal accuracy\n\nTotal energy of ResNet-50 against MobileNetV2: not run, it needs cells of both.\n\n"
            : "## Whole networks at equal accuracy\n\nE x MACs of one image at the accuracy that MobileNetV2 keeps at the drop, on the same images; reads for thermal and weight noise, aJ for shot noise. ResNet-50's energy is extrapolated to that accuracy by its own slope.\n\n"
                + Markdown.Table(["law", "method", "#accuracy", "#ResNet-50", "#MobileNetV2", "#ratio"], rows);
    }
}
