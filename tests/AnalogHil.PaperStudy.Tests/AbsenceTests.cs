using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Document;
using AnalogHil.PaperStudy.Networks;

namespace AnalogHil.PaperStudy.Tests;

/// <summary>What the document makes of energies that were not found.</summary>
public sealed class AbsenceTests
{
    [Fact]
    public void All_WhereTheEnergyIsNotDetermined_GivesNoRatio()
    {
        Dictionary<CellKey, CellResult> cells = Cells(Plateau(MethodIds.OursFullLayer), Some.Cell(MethodIds.PaperLayer, Math.E, [.. Some.Logs]));
        Assert.Empty(RatioRow.All(cells, MethodIds.OursFullLayer, MethodIds.PaperLayer));
    }

    [Fact]
    public void Summary_OfAnExceededBoundBelowTheAim_IsNotAtMostTheAimAndStaysInTheChart()
    {
        // Not reached at half of the paper's energy: what it needs may be anything above that.
        Dictionary<CellKey, CellResult> cells = Cells(
            Some.Cell(MethodIds.OursFullLayer, 0.5 * Math.E), Some.Cell(MethodIds.PaperLayer, Math.E, [.. Some.Logs]));
        var summary = new SummarySection(cells, []);
        Assert.Contains("| ours, per layer / paper, per layer | \u221e [0, \u221e] | 1 | 0 | 1 | 0 | 0 | \u221e | not reached |", summary.Text(), StringComparison.Ordinal);
        Assert.Contains("above 0.500, not reached", summary.Chart()!, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_OfAPlateau_CountsItApart()
    {
        // Determined under one law of two; shares alone are under both.
        Dictionary<CellKey, CellResult> cells = Cells(
            Some.Cell(MethodIds.OursLayer, Math.E, [.. Some.Logs]), Plateau(MethodIds.OursFullLayer), Some.Cell(MethodIds.PaperLayer, Math.E, [.. Some.Logs]),
            Weight(MethodIds.OursLayer), Weight(MethodIds.OursFullLayer), Weight(MethodIds.PaperLayer));
        string text = new SummarySection(cells, []).Text();
        Assert.Contains("| ours, per layer / paper, per layer | 1.0 [0, \u221e] | 1 | 0 | 0 | 0 | 1 | 1.00 | 1.00 |", text, StringComparison.Ordinal);
        Assert.Contains("| our shares, per layer / paper, per layer | 1.0 [0, \u221e] | 2 | 0 | 0 | 0 | 0 | 1.00 | 1.00 |", text, StringComparison.Ordinal);
        Assert.Contains("| net | thermal | not determined |", text, StringComparison.Ordinal);

        static CellResult Weight(string method) => Some.Cell(method, Math.E, [.. Some.Logs]) with { Law = "weight" };
    }

    [Fact]
    public void Summary_OfACellBelowTheLeastEnergy_CountsItInAColumnOfItsOwn()
    {
        CellResult ours = Some.Cell(MethodIds.OursLayer, Math.E, [.. Some.Logs]);
        CellResult below = Some.Cell(MethodIds.Integer, 1);
        Dictionary<CellKey, CellResult> cells = Cells(
            ours,
            below with { Energy = below.Energy with { Low = 0, High = 1 } },
            ours with { Law = "weight" },
            Some.Cell(MethodIds.Integer, Math.E, [.. Some.Logs]) with { Law = "weight" });
        string line = new SummarySection(cells, []).Text().Split('\n')
            .Single(text => text.StartsWith($"| {MethodIds.Title(MethodIds.Integer)} /", StringComparison.Ordinal));
        string[] columns = line.Split(" | ");

        // Cells, at most 0.8, not reached, below the least energy, not determined.
        Assert.Equal(["1", "0", "0", "1", "0"], columns[2..7]);
    }

    [Fact]
    public void Published_SaysIntervalAndNumberAndTellsNotReachedFromNotRun()
    {
        StudyNetwork network = new("net", "Net", "m", "t", null, 1, 1, 1) { PaperColumn = "MobileNetV2" };
        Dictionary<CellKey, CellResult> cells = Cells(
            Some.Cell(MethodIds.Uniform, 2 * Math.E, [.. Some.Logs.Select((log, i) => log + Math.Log(2) + 0.01 * i)]),
            Some.Cell(MethodIds.PaperLayer, Math.E, [.. Some.Logs]),
            Some.Cell(MethodIds.OursFullLayer, 5 * Math.E));
        string line = PublishedSection.Text([network], cells, (_, _) => null).Split('\n').Single(text => text.Contains("| thermal |", StringComparison.Ordinal));
        Assert.Matches(@"\| 5[01][^|]*\[[^|]*\], n = 5 \| not reached \|$", line);
    }

    private static Dictionary<CellKey, CellResult> Cells(params CellResult[] cells) => cells.ToDictionary(cell => cell.Key);

    private static CellResult Plateau(string method)
    {
        CellResult cell = Some.Cell(method, Math.E);
        return cell with { Energy = cell.Energy with { Low = 0 } };
    }
}
