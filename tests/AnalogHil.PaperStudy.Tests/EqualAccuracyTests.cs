using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Document;

namespace AnalogHil.PaperStudy.Tests;

public sealed class EqualAccuracyTests
{
    // drop = 0.02 (E / 10)^-1/2 for the larger network: slope at 2 points is -0.01, so that losing 4 points takes a quarter of the energy.
    [Fact]
    public void Of_ALargerNetworkThatMayLoseMore_FollowsThePowerOfItsSlope()
    {
        EqualAccuracy equal = EqualAccuracy.Of(Large(0.82, -0.01), Small())!;
        Assert.Equal(0.78, equal.Accuracy, 1e-12);
        Assert.Equal(0.04, equal.Allowed, 1e-12);
        Assert.Equal(10.0 / 4 * 4000, equal.Large.Value, 1e-6);
        Assert.Equal(50.0 * 1000, equal.Small.Value, 1e-6);
        Assert.Equal(equal.Large.Value / equal.Small.Value, equal.Ratio.Value, 1e-12);

        // A drop linear in ln E would take e^-2 of it: the interval reaches below that.
        Assert.True(equal.Large.Interval.Low < 10 * Math.Exp(-2) * 4000);
        Assert.True(equal.Ratio.Interval.Low < equal.Ratio.Value && equal.Ratio.Interval.High > equal.Ratio.Value);
    }

    [Fact]
    public void Of_FewerImages_WidensTheInterval()
    {
        EqualAccuracy many = EqualAccuracy.Of(Large(0.82, -0.01), Small())!;
        CellResult large = Large(0.82, -0.01);
        EqualAccuracy few = EqualAccuracy.Of(large with { Energy = large.Energy with { Images = 100 } }, Small())!;
        Assert.True(Math.Log(few.Ratio.Interval.High / few.Ratio.Value) > 2 * Math.Log(many.Ratio.Interval.High / many.Ratio.Value));
    }

    [Fact]
    public void Of_ALessAccurateLargerNetwork_SaysNothing() => Assert.Null(EqualAccuracy.Of(Large(0.77, -0.01), Small()));

    [Theory]
    [InlineData(0.11, true)]
    [InlineData(0.13, false)]
    public void Of_ASlopeThatMayBeNone_IsNotExtrapolated(double halfWidth, bool there)
    {
        CellResult large = Large(0.82, -0.01);
        large = large with { Energy = large.Energy with { Low = 10 * Math.Exp(-halfWidth), High = 10 * Math.Exp(halfWidth) } };
        Assert.Equal(there, EqualAccuracy.Of(large, Small()) is not null);
    }

    [Fact]
    public void Of_AMeasurementAtThatAccuracy_TakesItsEnergyAndTheErrorOfBothAccuracies()
    {
        CellResult large = Large(0.82, -0.01);
        EqualPoint point = Point(energy: 3, slope: -0.04);
        EqualAccuracy equal = EqualAccuracy.Of(large, Small(), point)!;
        Assert.True(equal.IsMeasured);
        Assert.Equal(0.04, equal.Allowed, 1e-12);
        Assert.Equal(3.0 * 4000, equal.Large.Value, 1e-9);
        Assert.Equal(3.0 * 4000 / 50_000, equal.Ratio.Value, 1e-12);

        // 1.96 sqrt((ln 1.1 / 1.96)^2 + (0.82 0.18 + 0.80 0.20) / 10,000 / 0.04^2).
        double half = 1.96 * Math.Sqrt(Math.Pow(Math.Log(1.1) / 1.96, 2) + (0.82 * 0.18 + 0.8 * 0.2) / 10_000 / (0.04 * 0.04));
        Assert.Equal(half, Math.Log(equal.Large.Interval.High / equal.Large.Value), 1e-9);
        Assert.Equal(half, Math.Log(equal.Large.Value / equal.Large.Interval.Low), 1e-9);
        Assert.Null(EqualAccuracy.Of(large, Small(), point with { Energy = point.Energy with { Reached = false } }));
    }

    [Fact]
    public void Text_WithAMeasurement_ShowsItInThePlaceOfTheExtrapolation()
    {
        Dictionary<CellKey, CellResult> cells = new[] { Large(0.82, -0.01), Small() }.Select(cell => cell with { Law = "thermal" }).ToDictionary(cell => cell.Key);
        Assert.Contains("| thermal | uniform | extrapolated |", TotalsSection.Text(cells, (_, _) => null), StringComparison.Ordinal);
        Assert.Contains("| thermal | uniform | measured |", TotalsSection.Text(cells, (_, _) => Point(3, -0.04)), StringComparison.Ordinal);
        Assert.Contains("was not seen to come down", TotalsSection.Text(cells, (_, _) => Point(3, 0)), StringComparison.Ordinal);
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
    public void Text_WithoutCells_SaysWhatIsNotThere()
    {
        string text = TotalsSection.Text(new Dictionary<CellKey, CellResult>(), (_, _) => null);
        Assert.Contains("needs cells of both", text, StringComparison.Ordinal);
        Assert.Contains("ours, per layer and ours, per channel: neither is run", text, StringComparison.Ordinal);
    }

    private static CellResult Large(double accuracy, double slope) => Cell("resnet50", accuracy, slope, 10, 4000);

    private static EqualPoint Point(double energy, double slope) => new()
    {
        Law = "thermal",
        Method = MethodIds.Uniform,
        Fingerprint = "of both",
        Energy = Large(0.82, slope).Energy with { Energy = energy, Drop = 0.04, PopulationLow = energy / 1.1, PopulationHigh = energy * 1.1 },
        Seconds = 1,
    };

    private static CellResult Small() => Cell("mobilenetv2", 0.80, -0.012, 50, 1000);

    private static CellResult Cell(string network, double accuracy, double slope, double energy, long macs)
    {
        CellResult cell = Some.Cell(MethodIds.Uniform, energy, [.. Some.Logs]);
        return cell with
        {
            Network = network, CleanAccuracy = accuracy, Macs = macs,
            Energy = cell.Energy with { Slope = slope, Images = 10_000, PopulationLow = energy / 1.1, PopulationHigh = energy * 1.1 },
        };
    }
}
