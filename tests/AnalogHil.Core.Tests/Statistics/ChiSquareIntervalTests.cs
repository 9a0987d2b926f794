using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Statistics;

public sealed class ChiSquareIntervalTests(ITestOutputHelper output)
{
    // Quantiles of the chi-square distribution as every table prints them.
    [Theory]
    [InlineData(1, 0.000982069, 5.023886)]
    [InlineData(10, 3.246973, 20.483177)]
    [InlineData(100, 74.221927, 129.561197)]
    public void ForVariance_TabulatedQuantiles_DividesTheSumOfSquares(double dof, double lower, double upper)
    {
        Interval interval = ChiSquareInterval.ForVariance(2, dof);

        Assert.Equal(2 * dof / upper, interval.Low, 1e-6 * interval.Low);
        Assert.Equal(2 * dof / lower, interval.High, 1e-6 * interval.High);
    }

    [Fact]
    public void ForStandardDeviation_AnyLevel_IsTheRootOfTheVarianceLimits()
    {
        Interval variance = ChiSquareInterval.ForVariance(3, 17, 0.9);
        Interval deviation = ChiSquareInterval.ForStandardDeviation(3, 17, 0.9);

        Assert.Equal(Math.Sqrt(variance.Low), deviation.Low, 12);
        Assert.Equal(Math.Sqrt(variance.High), deviation.High, 12);
    }

    [Fact]
    public void UpperLimit_At95Percent_IsTheUpperEndOfThe90PercentInterval()
    {
        Assert.Equal(ChiSquareInterval.ForVariance(3, 17, 0.9).High, ChiSquareInterval.UpperLimit(3, 17, 0.95), 10);
    }

    [Theory]
    [InlineData(192, 0.1)]
    [InlineData(19207, 0.01)]
    [InlineData(1e8, 1.96 / 1.4142135623730951 / 1e4)]
    public void ForStandardDeviation_ManyReads_HasTheAsymptoticHalfWidth(double dof, double relative)
    {
        Assert.Equal(relative, ChiSquareInterval.ForStandardDeviation(1, dof).HalfWidth, 0.02 * relative);
    }

    [Fact]
    public void ForVariance_GaussianReads_CoversAtItsLevel()
    {
        // False-alarm rate 1 % by construction of the band; seeded, so it either passes always or never.
        const int trials = 2000;
        const int seed = 20240601;
        output.WriteLine($"seed {seed}, {trials} trials of 8 reads, 99 % binomial band");
        var random = new Random(seed);
        int covered = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            var series = new SampleVariance();
            for (int i = 0; i < 8; i++)
            {
                series.Add(5 + 0.3 * Normal.Sample(random, 0, 1));
            }

            covered += ChiSquareInterval.ForVariance(series.Variance, series.DegreesOfFreedom).Contains(0.09) ? 1 : 0;
        }

        (int low, int high) = BinomialBand.TwoSided(trials, 0.95, 0.99);
        Assert.InRange(covered, low, high);
    }

    [Theory]
    [InlineData(-1, 5, 0.95, "sampleVariance")]
    [InlineData(double.NaN, 5, 0.95, "sampleVariance")]
    [InlineData(1, 0, 0.95, "degreesOfFreedom")]
    [InlineData(1, 5, 1, "level")]
    [InlineData(1, 5, 95, "level")]
    public void ForVariance_ArgumentOutOfRange_NamesTheArgument(double variance, double dof, double level, string name)
    {
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => ChiSquareInterval.ForVariance(variance, dof, level)).ParamName);
    }
}
