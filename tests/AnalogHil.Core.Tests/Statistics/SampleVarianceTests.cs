using AnalogHil.Core.Statistics;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Statistics;

public sealed class SampleVarianceTests(ITestOutputHelper output)
{
    [Fact]
    public void Add_SmallSeries_MatchesHandCalculation()
    {
        SampleVariance series = Of(2, 4, 4, 4, 5, 5, 7, 9);

        Assert.Equal(8, series.Count);
        Assert.Equal(5, series.Mean, 12);
        Assert.Equal(32.0 / 7, series.Variance, 12);
        Assert.Equal((4 + 0 + 0 + 1 + 0 + 4 + 4) / 14.0, series.SuccessiveDifferenceVariance, 12);
    }

    [Fact]
    public void Add_SmallVarianceOnALargeMean_KeepsItsDigits()
    {
        Assert.Equal(30, Of(1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16).Variance, 9);
    }

    [Fact]
    public void Merge_AnySplit_EqualsOneSeries()
    {
        Prop.ForAll<int[], int[]>((first, second) =>
        {
            SampleVariance left = Of([.. first.Select(value => (double)value)]);
            left.Merge(Of([.. second.Select(value => (double)value)]));
            SampleVariance whole = Of([.. first.Concat(second).Select(value => (double)value)]);
            return left.Count == whole.Count
                && Near(left.Mean, whole.Mean)
                && (whole.Count < 2 || (Near(left.Variance, whole.Variance) && Near(left.SuccessiveDifferenceVariance, whole.SuccessiveDifferenceVariance)));
        }).QuickCheckThrowOnFailure();

        static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-9 * (1 + Math.Abs(b));
    }

    [Theory]
    [InlineData(1, 0.797884560802865)]
    [InlineData(2, 0.886226925452758)]
    [InlineData(9, 0.972659274121559)]
    [InlineData(24, 0.989640378508498)]
    public void C4_TabulatedValues_AreReproduced(double dof, double expected)
    {
        Assert.Equal(expected, SampleVariance.C4(dof), 8);
    }

    [Fact]
    public void C4_WhereTheSeriesTakesOver_IsContinuous()
    {
        Assert.Equal(SampleVariance.C4(1000), SampleVariance.C4(1000 + 1e-6), 1e-11);
    }

    [Fact]
    public void SuccessiveDifferenceVariance_UnderDrift_StaysWhereTheVarianceDoesNot()
    {
        const int seed = 5;
        output.WriteLine($"seed {seed}, 5 sigma limits");
        var random = new Random(seed);
        var series = new SampleVariance();
        const int n = 20000;
        for (int i = 0; i < n; i++)
        {
            series.Add(Normal.Sample(random, 0, 1) + 6.0 * i / n);
        }

        double tolerance = 5 * Math.Sqrt((3.0 * n - 4) / ((n - 1.0) * (n - 1)));
        Assert.Equal(1, series.SuccessiveDifferenceVariance, tolerance);
        Assert.True(series.Variance > 3);
    }

    [Fact]
    public void SuccessiveDifferenceVariance_WhiteReads_HasTheTheoreticalSpread()
    {
        // Variance of the estimator, v^2 (3n - 4) / (n - 1)^2; the spread over 4000 series is known to 2.2 %, limits at 5 sigma.
        const int seed = 6;
        output.WriteLine($"seed {seed}, false-alarm rate below 1e-5");
        var random = new Random(seed);
        var estimates = new SampleVariance();
        for (int trial = 0; trial < 4000; trial++)
        {
            var series = new SampleVariance();
            for (int i = 0; i < 50; i++)
            {
                series.Add(Normal.Sample(random, 0, 1));
            }

            estimates.Add(series.SuccessiveDifferenceVariance);
        }

        double expected = (3.0 * 50 - 4) / (49.0 * 49);
        Assert.Equal(expected, estimates.Variance, 0.12 * expected);
    }

    [Fact]
    public void StandardDeviation_PairsOfReads_IsUnbiased()
    {
        const int seed = 9;
        output.WriteLine($"seed {seed}, 5 sigma limits");
        var random = new Random(seed);
        var estimates = new SampleVariance();
        for (int trial = 0; trial < 20000; trial++)
        {
            estimates.Add(Of(Normal.Sample(random, 0, 2), Normal.Sample(random, 0, 2)).StandardDeviation);
        }

        Assert.Equal(2, estimates.Mean, 5 * Math.Sqrt(estimates.Variance / estimates.Count));
    }

    [Fact]
    public void Add_NotANumber_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(1, double.NaN));
    }

    [Fact]
    public void Variance_OneRead_SaysHowManyAreNeeded()
    {
        Assert.Contains("at least 2", Assert.Throws<InvalidOperationException>(() => Of(1).Variance).Message, StringComparison.Ordinal);
    }

    private static SampleVariance Of(params double[] reads)
    {
        var series = new SampleVariance();
        foreach (double read in reads)
        {
            series.Add(read);
        }

        return series;
    }
}
