using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Document;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.PaperStudy.Running;

namespace AnalogHil.PaperStudy.Tests;

public sealed class EqualAccuracyTests
{
    // Without noise 82 % against 80 %, on 10,000 images that they share, 6 % of which one of both gets right.
    [Fact]
    public void Of_AMeasurement_HasTheRatioOfWholeNetworksOverDrawsAndOverImages()
    {
        EqualAccuracy equal = EqualAccuracy.Of(Large(), Small(), Point(energy: 3, slope: -0.04))!;
        Assert.Equal(0.78, equal.Accuracy, 1e-12);
        double error = Math.Sqrt((0.06 - 0.02 * 0.02) / 10_000);
        Assert.Equal((0.04, 0.04 - 1.96 * error, 0.04 + 1.96 * error), (equal.MayLose.Value, equal.MayLose.Interval.Low, equal.MayLose.Interval.High));
        Assert.Equal(3.0 * 4000, equal.Large.Value, 1e-9);
        Assert.Equal(50.0 * 1000, equal.Small.Value, 1e-9);
        Assert.Equal(3.0 * 4000 / 50_000, equal.Ratio.Value, 1e-12);

        // The draws of both are the same up to a factor: nothing is left of them in the ratio.
        Assert.Equal(5, equal.Ratio.N);
        Assert.Equal(equal.Ratio.Value, equal.Ratio.Interval.Low, 1e-9);
        Assert.Equal(equal.Ratio.Value, equal.Ratio.Interval.High, 1e-9);
        double half = 1.96 * Math.Sqrt(2 * Math.Pow(Math.Log(1.1) / 1.96, 2) + error * error / (0.04 * 0.04));
        Assert.Equal(half, Math.Log(equal.ForImages.High / equal.Ratio.Value), 1e-9);
        Assert.Equal(half, Math.Log(equal.Ratio.Value / equal.ForImages.Low), 1e-9);
    }

    [Fact]
    public void Of_FewImages_LeavesTheIntervalOpenWhereTheLargerNetworkMayBeNoMoreAccurate()
    {
        EqualPoint point = Point(3, -0.04);
        EqualAccuracy equal = EqualAccuracy.Of(Large(), Small(), point with { Energy = point.Energy with { Images = 100 } })!;
        Assert.True(equal.MayLose.Interval.Low < 0);
        Assert.Equal(double.PositiveInfinity, equal.ForImages.High);
        Assert.InRange(equal.ForImages.Low, 0, 0.5 * equal.Ratio.Value);
    }

    [Fact]
    public void Of_ADropThatWasNotReached_SaysNothing()
    {
        EqualPoint point = Point(3, -0.04);
        Assert.Null(EqualAccuracy.Of(Large(), Small(), point with { Energy = point.Energy with { Reached = false } }));
    }

    [Fact]
    public void Text_WithAMeasurement_ShowsItAndWithoutOneTheCommand()
    {
        Dictionary<CellKey, CellResult> cells = new[] { Large(), Small() }.Select(cell => cell with { Law = "thermal" }).ToDictionary(cell => cell.Key);
        string measured = TotalsSection.Text(cells, (_, _) => Point(3, -0.04));
        Assert.Contains("| thermal | uniform | 78.0 % |", measured, StringComparison.Ordinal);
        Assert.Contains("not counted", measured, StringComparison.Ordinal);
        string open = TotalsSection.Text(cells, (_, _) => null);
        Assert.Contains("thermal, uniform: not measured", open, StringComparison.Ordinal);
        Assert.Contains("-- --equal-accuracy", open, StringComparison.Ordinal);
        Assert.DoesNotContain("| thermal |", open, StringComparison.Ordinal);
        EqualPoint point = Point(3, -0.04);
        Assert.Contains(
            "thermal, uniform: why not", TotalsSection.Text(cells, (_, _) => point with { Energy = point.Energy with { Reached = false, Reason = "why not" } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_WithoutCells_SaysWhatIsNotThere()
    {
        string text = TotalsSection.Text(new Dictionary<CellKey, CellResult>(), (_, _) => null);
        Assert.Contains("uniform and our shares, per layer and paper, per layer: neither is run", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Store_APoint_ComesBackWhileBothCellsAreTheSame()
    {
        string directory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var store = new CellStore(directory);
            Assert.Null(store.FindEqual("thermal", MethodIds.Uniform, "of both"));
            store.SaveEqual(Point(3, -0.04));
            Assert.Equal(3, store.FindEqual("thermal", MethodIds.Uniform, "of both")!.Energy.Energy);
            Assert.Null(store.FindEqual("thermal", MethodIds.Uniform, "of others"));
            Assert.Null(store.FindEqual("weight", MethodIds.Uniform, "of both"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void Run_InTheReducedStudy_SaysThatBothNetworksAreMissing()
    {
        var told = new List<string>();
        StudyOptions options = StudyOptions.Parse(["--reduced", "--equal-accuracy"], Path.GetTempPath());
        var study = new Study(options, TimeProvider.System, told.Add);
        Assert.Equal(0, new EqualAccuracyStudy(study, options, TimeProvider.System, told.Add).Run(default));
        Assert.Contains("leave out --reduced", Assert.Single(told), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => StudyOptions.Parse(["--equal-accuracy", "--cells", "resnet50"], Path.GetTempPath()));
    }

    private static EqualPoint Point(double energy, double slope) => new()
    {
        Law = "thermal",
        Method = MethodIds.Uniform,
        Fingerprint = "of both",
        Energy = Cell("resnet50", 0.82, energy, 4000).Energy with { Drop = 0.04, Slope = slope },
        CleanDiscordance = 0.06,
        Seconds = 1,
    };

    private static CellResult Large() => Cell("resnet50", 0.82, 10, 4000);

    private static CellResult Small() => Cell("mobilenetv2", 0.80, 50, 1000);

    private static CellResult Cell(string network, double accuracy, double energy, long macs)
    {
        CellResult cell = Some.Cell(MethodIds.Uniform, energy, [.. Some.Logs.Select(log => Math.Log(energy) + log - 1)]);
        return cell with
        {
            Network = network, CleanAccuracy = accuracy, Macs = macs,
            Energy = cell.Energy with { Images = 10_000, PopulationLow = energy / 1.1, PopulationHigh = energy * 1.1 },
        };
    }
}
