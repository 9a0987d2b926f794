using AnalogHil.Calibration.Comparison;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Comparison;

public sealed class CalibrationComparisonTests(ITestOutputHelper output)
{
    [Fact]
    public void Of_UnchangedDevice_ShowsAnyChangeNoOftenerThanTheFamilyLevel()
    {
        // 300 pairs of 12 figures, Holm at 5 %; the count lies above the band's upper end in 0.05 % of suites.
        const int seed = 11000;
        const int runs = 300;
        var random = new Random(seed);
        int any = 0;
        for (int run = 0; run < runs; run++)
        {
            any += CalibrationComparison.Of(Figures(random, 1), Figures(random, 1)).Changed ? 1 : 0;
        }

        int high = BinomialBand.TwoSided(runs, 0.05, 0.999).High;
        output.WriteLine($"{any} of {runs} pairs show a change (at most {high}); seed {seed}");
        Assert.InRange(any, 3, high);
    }

    [Fact]
    public void Of_OneSigmaTwentyPercentLarger_IsFoundAloneInMostPairs()
    {
        // A change of 20 % against 769 reads a figure is 5.0 standard errors; Holm over 12 asks for 2.9: found in 98 %. Below 90 of 100 in 0.01 % of suites.
        const int seed = 11100;
        var random = new Random(seed);
        int found = 0;
        int others = 0;
        for (int run = 0; run < 100; run++)
        {
            CalibrationComparison comparison = CalibrationComparison.Of(Figures(random, 1), Figures(random, 1.2));
            found += comparison.Figures[7].Significant ? 1 : 0;
            others += comparison.Figures.Where((_, i) => i != 7).Any(figure => figure.Significant) ? 1 : 0;
        }

        output.WriteLine($"found in {found} of 100 pairs, another claimed in {others}; seed {seed}");
        Assert.InRange(found, 90, 100);
        Assert.InRange(others, 0, 15);
    }

    [Fact]
    public void Of_FigureThatAppears_IsToldFromOneThatStaysAbsent()
    {
        var absent = new Estimate(0, new Interval(0, 0.02), "1", 1000);
        var present = new Estimate(0.1, new Interval(0.095, 0.105), "1", 1000);
        CalibrationComparison comparison = CalibrationComparison.Of(
            new Dictionary<string, Estimate> { ["a"] = absent, ["b"] = absent, ["old"] = present }, new Dictionary<string, Estimate> { ["a"] = present, ["b"] = absent, ["new"] = present });
        Assert.Equal([true, false], comparison.Figures.Select(figure => figure.Significant));
        Assert.Equal(("old", "new"), (comparison.OnlyBefore.Single(), comparison.OnlyAfter.Single()));
        Assert.Contains("1 of 2 figures changed", comparison.Report().Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OtherUnit_IsRefused() => Assert.Throws<ArgumentException>(() => CalibrationComparison.Of(
        new Dictionary<string, Estimate> { ["a"] = new(1, new Interval(0, 2), "1", 3) }, new Dictionary<string, Estimate> { ["a"] = new(1, new Interval(0, 2), "V", 3) }));

    private static Dictionary<string, Estimate> Figures(Random random, double eighth)
    {
        const int dof = 768;
        return Enumerable.Range(0, 12).ToDictionary(i => $"sigma.{i:D2}", i =>
        {
            double sigma = (i + 1) * (i == 7 ? eighth : 1);
            double variance = sigma * sigma * ChiSquared.Sample(random, dof) / dof;
            return new Estimate(Math.Sqrt(variance), ChiSquareInterval.ForStandardDeviation(variance, dof), "1", dof + 1);
        });
    }
}
