using System.Text;
using AnalogHil.Daemon.Reports;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;

namespace AnalogHil.PaperStudy.Document;

/// <summary>The table of one network.</summary>
internal static class NetworkSection
{
    public static string Text(StudyNetwork network, IReadOnlyDictionary<CellKey, CellResult> cells)
    {
        CellResult[] own = [.. cells.Values.Where(cell => cell.Network == network.Id)];
        var text = new StringBuilder($"## {network.Title}\n\n");
        CellResult any = own[0];
        text.Append($"{Figures.Significant(any.Macs / 1e6)} million MACs an example in {any.Layers.Count} noisy products; model sha256 {any.ModelSha256[..12]}. ");
        text.Append($"Search split: {any.Energy.Images} examples, accuracy {Figures.Fixed(100 * any.FloatAccuracy, 2)} % in float32");
        text.Append(own.FirstOrDefault(cell => !cell.Law.StartsWith("shot", StringComparison.Ordinal)) is { } eight ? $", {Figures.Fixed(100 * eight.CleanAccuracy, 2)} % with 8-bit inputs and weights" : "");
        text.Append($". Certification split: M = {any.Certification.Examples}.\n\n");
        foreach (LawCase law in LawCase.For(network.Grouped))
        {
            double scale = law.InPhotons ? LawCase.AttojoulesPerPhoton : 1;
            CellResult?[] rows = [.. MethodIds.All.Select(method => cells.GetValueOrDefault(new CellKey(network.Id, law.Id, method)))];
            if (rows.OfType<CellResult>().Any())
            {
                text.Append($"### {law.Id}\n\n");
                text.Append(Markdown.Table(
                    ["method", $"#E at the drop, {(law.InPhotons ? "aJ" : "reads")} [draws]", "#[images]", "#drop, points", "#claim", "#learned at", "#residual", "#images to learn", "#time", "note"],
                    rows.Zip(MethodIds.All).Where(row => row.First is not null || row.Second != MethodIds.PaperSearch || network.PaperSearch)
                        .Select(row => row.First is { } cell ? Line(cell, scale) : [MethodIds.Title(row.Second), "not run", "", "", "", "", "", "", "", ""])));
            }
        }

        return text.ToString();
    }

    private static string[] Line(CellResult cell, double scale)
    {
        EqualDrop energy = cell.Energy;
        CertificationResult judged = cell.Certification;
        string claim = judged.ClaimEnergy is { } at
            ? $"{Figures.Significant(scale * at)}: {Figures.Fixed(100 * judged.ClaimDrop!.Value, 2)}, below {Figures.Fixed(100 * judged.ClaimHigh!.Value, 2)}, {judged.Verdict}"
            : judged.Verdict;
        return
        [
            MethodIds.Title(cell.Method),
            energy.Reached ? Markdown.Interval(scale * energy.Energy, scale * energy.Low, scale * energy.High) : $"{energy.Absence} at {Figures.Significant(scale * energy.Energy)}",
            energy.Reached ? $"[{Figures.Significant(scale * energy.PopulationLow)}, {Figures.Significant(scale * energy.PopulationHigh)}]" : "",
            Markdown.Points(judged.Drop, judged.Low, judged.High),
            claim,
            cell.Learning.Forward == 0 ? "" : Figures.Significant(scale * cell.Learning.MeanEnergy),
            cell.Learning.LayerResidual is { } residual ? Figures.Significant(residual, 2) : "",
            cell.Learning.Forward == 0 ? "0" : $"{Figures.Count(cell.Learning.Forward)} + {Figures.Count(cell.Learning.Backward)}",
            Markdown.Time(cell.Learning.Seconds),
            (energy.Reached ? cell.Note : cell.Note is null ? energy.Reason : $"{cell.Note}; {energy.Reason}") ?? "",
        ];
    }
}
