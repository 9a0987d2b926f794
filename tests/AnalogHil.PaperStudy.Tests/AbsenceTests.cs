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
        Assert.Contains("| ours, per layer / paper, per layer | \u221e [0, \u221e] | 1 | 0 | 1 | 0 | \u221e | not reached |", summary.Text(), StringComparison.Ordinal);
        Assert.Contains("above 0.500, not reached", summary.Chart()!, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_OfAPlateau_CountsItApart()
    {
        Dictionary<CellKey, CellResult> cells = Cells(
            Some.Cell(MethodIds.OursLayer, Math.E, [.. Some.Logs]), Plateau(MethodIds.OursFullLayer), Some.Cell(MethodIds.PaperLayer, Math.E, [.. Some.Logs]));
        Assert.Contains("not determined |", new SummarySection(cells, []).Text(), StringComparison.Ordinal);
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
