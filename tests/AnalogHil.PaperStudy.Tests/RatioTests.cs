using AnalogHil.Core.Statistics;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Document;

namespace AnalogHil.PaperStudy.Tests;

public sealed class RatioTests
{
    [Fact]
    public void All_PairsDrawByDraw_SoThatCommonLuckCancels()
    {
        // Every draw of ours lies at 0.8 of the paper's, although the draws themselves differ by a fifth.
        double[] paper = [.. Some.Logs];
        double[] ours = [.. paper.Select(log => log + Math.Log(0.8))];
        CellResult[] cells = [Some.Cell(MethodIds.OursLayer, 0.8 * Math.E, ours), Some.Cell(MethodIds.PaperLayer, Math.E, paper)];
        RatioRow row = Assert.Single(RatioRow.All(cells.ToDictionary(cell => cell.Key), MethodIds.OursLayer, MethodIds.PaperLayer));
        Assert.Equal(0.8, row.Ratio.Ratio.Value, 1e-12);
        Assert.Equal(0.8, row.Ratio.Ratio.Interval.Low, 1e-9);
        Assert.Equal(5, row.Ratio.Ratio.N);
    }

    [Fact]
    public void All_WhereTheReferenceDidNotReachTheDrop_GivesNoRatio()
    {
        CellResult[] cells = [Some.Cell(MethodIds.OursLayer, 1, [.. Some.Logs]), Some.Cell(MethodIds.PaperLayer, Math.E)];
        Assert.Empty(RatioRow.All(cells.ToDictionary(cell => cell.Key), MethodIds.OursLayer, MethodIds.PaperLayer));
    }

    [Fact]
    public void All_WhereOursLosesTooMuchAtEveryEnergy_CountsItAboveTheLargestTried()
    {
        CellResult[] cells = [Some.Cell(MethodIds.OursLayer, 5 * Math.E), Some.Cell(MethodIds.PaperLayer, Math.E, [.. Some.Logs])];
        RatioRow row = Assert.Single(RatioRow.All(cells.ToDictionary(cell => cell.Key), MethodIds.OursLayer, MethodIds.PaperLayer));
        Assert.True(row.Exceeds);
        Assert.Equal(5, row.Ratio.Ratio.Interval.Low, 1e-12);
        Assert.Equal(double.PositiveInfinity, row.Ratio.Ratio.Interval.High);
    }

    [Theory]
    [InlineData(true, 1.5, true, 1.5)]
    [InlineData(true, 2.5, true, 2)]
    [InlineData(true, 1, false, 2)]
    [InlineData(false, 2.5, true, 2.5)]
    [InlineData(false, 1, false, 2)]
    public void Kept_OfBothOfOurs_IsTheCheaperThatReachesTheDropAndPaysForBoth(bool sharesReached, double full, bool reached, double kept)
    {
        CellResult[] cells =
        [
            Some.Cell(MethodIds.OursLayer, 2, sharesReached ? [.. Some.Logs] : []) with { Learning = LearningCost.None with { Forward = 10, Backward = 4 } },
            Some.Cell(MethodIds.OursFullLayer, full, reached ? [.. Some.Logs] : []) with { Learning = LearningCost.None with { Forward = 7, Backward = 5 } },
        ];
        IReadOnlyDictionary<CellKey, CellResult> all = KeptVariant.Added(cells.ToDictionary(cell => cell.Key));
        CellResult found = all[cells[0].Key with { Method = MethodIds.OursKept }];
        Assert.Equal((3, kept, 17, 9), (all.Count, found.Energy.Energy, found.Learning.Forward, found.Learning.Backward));
        Assert.Equal(sharesReached || reached, found.Energy.Reached);
        Assert.Single(KeptVariant.Added(cells.Take(1).ToDictionary(cell => cell.Key)));
    }

    // P(Bin(10, 1/2) <= 1) = 11/1024 = 1.1 %, <= 2: 5.5 %; P(Bin(6, 1/2) <= 0) = 1.6 %; P(Bin(5, 1/2) <= 0) = 3.1 %.
    [Theory]
    [InlineData(10, 5.5, 2, 9)]
    [InlineData(6, 3.5, 1, 6)]
    [InlineData(5, 3, 0, double.PositiveInfinity)]
    public void Median_OfOneToN_HasTheSignTestsLimits(int n, double median, double low, double high)
    {
        Estimate found = MedianInterval.Of(Enumerable.Range(1, n).Reverse().Select(i => (double)i));
        Assert.Equal((median, low, high), (found.Value, found.Interval.Low, found.Interval.High));
    }

    [Theory]
    [InlineData("resnet20", true)]
    [InlineData("resnet20:*:uniform", true)]
    [InlineData("*:shot", false)]
    [InlineData("resnet56:thermal:uniform", false)]
    public void Matches_Pattern_NamesCells(string pattern, bool matches) =>
        Assert.Equal(matches, new CellKey("resnet20", "thermal", MethodIds.Uniform).Matches(pattern));
}
