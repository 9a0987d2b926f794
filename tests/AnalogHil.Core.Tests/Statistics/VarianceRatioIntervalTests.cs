using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Statistics;

public sealed class VarianceRatioIntervalTests(ITestOutputHelper output)
{
    // Upper 2.5 % points of F as tables print them.
    [Theory]
    [InlineData(1, 1, 647.789)]
    [InlineData(5, 10, 4.2361)]
    [InlineData(10, 5, 6.6192)]
    [InlineData(20, 20, 2.4645)]
    public void Of_TabulatedQuantiles_DividesTheRatio(double dofA, double dofB, double upper)
    {
        Interval interval = VarianceRatioInterval.Of(3, dofA, 2, dofB);

        Assert.Equal(1.5 / upper, interval.Low, 3e-5 * interval.Low);
    }

    [Fact]
    public void Of_Swapped_IsTheReciprocalInterval()
    {
        Interval forward = VarianceRatioInterval.Of(3, 7, 2, 31, 0.9);
        Interval backward = VarianceRatioInterval.Of(2, 31, 3, 7, 0.9);

        Assert.Equal(1 / backward.High, forward.Low, 9);
        Assert.Equal(1 / backward.Low, forward.High, 9);
    }

    [Theory]
    [InlineData(1e4)]
    [InlineData(1e6)]
    [InlineData(1e8)]
    public void Of_ManyReads_HasTheAsymptoticHalfWidth(double dof)
    {
        double expected = 1.959964 * Math.Sqrt(4 / dof);

        Assert.Equal(expected, VarianceRatioInterval.Of(1, dof, 1, dof).HalfWidth, 0.01 * expected);
    }

    [Fact]
    public void Of_FewDegreesOfFreedom_GivesFiniteOrderedLimits()
    {
        Interval interval = VarianceRatioInterval.Of(1, 0.5, 1, 0.5);

        Assert.True(interval.Low > 0 && interval.Low < 1e-4);
        Assert.True(interval.High > 1e4 && double.IsFinite(interval.High));
    }

    [Fact]
    public void Of_GaussianReads_CoversAtItsLevel()
    {
        const int trials = 2000;
        const int seed = 77;
        output.WriteLine($"seed {seed}, {trials} trials, false-alarm rate 1 %");
        var random = new Random(seed);
        int covered = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            double a = 4 * ChiSquared.Sample(random, 9) / 9;
            double b = ChiSquared.Sample(random, 25) / 25;
            covered += VarianceRatioInterval.Of(a, 9, b, 25).Contains(4) ? 1 : 0;
        }

        (int low, int high) = BinomialBand.TwoSided(trials, 0.95, 0.99);
        Assert.InRange(covered, low, high);
    }

    [Fact]
    public void Of_ZeroReferenceVariance_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => VarianceRatioInterval.Of(1, 5, 0, 5));
    }
}
