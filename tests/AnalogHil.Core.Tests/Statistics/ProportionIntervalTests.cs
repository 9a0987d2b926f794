using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Tests.Statistics;

public sealed class ProportionIntervalTests
{
    [Fact]
    public void Wilson_TextbookCase_MatchesTheClosedForm()
    {
        // Newcombe 1998: 81 of 263 gives 0.2553 to 0.3662.
        Interval interval = ProportionInterval.Wilson(81, 263);

        Assert.Equal(0.2553, interval.Low, 4);
        Assert.Equal(0.3662, interval.High, 4);
    }

    [Fact]
    public void ClopperPearson_TextbookCase_MatchesThePublishedLimits()
    {
        // Newcombe 1998: 81 of 263 gives 0.2527 to 0.3676.
        Interval interval = ProportionInterval.ClopperPearson(81, 263);

        Assert.Equal(0.2527, interval.Low, 4);
        Assert.Equal(0.3676, interval.High, 4);
    }

    [Fact]
    public void Both_NoSuccess_StartAtZero()
    {
        Assert.Equal(0, ProportionInterval.Wilson(0, 20).Low);
        Assert.Equal(0, ProportionInterval.ClopperPearson(0, 20).Low);
        Assert.Equal(1 - Math.Pow(0.025, 1.0 / 20), ProportionInterval.ClopperPearson(0, 20).High, 9);
    }

    [Fact]
    public void Both_AllSuccesses_EndAtOne()
    {
        Assert.Equal(1, ProportionInterval.Wilson(20, 20).High);
        Assert.Equal(1, ProportionInterval.ClopperPearson(20, 20).High);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.37)]
    [InlineData(0.9)]
    public void ClopperPearson_ExactCoverage_IsNeverBelowItsLevel(double p)
    {
        Assert.True(Coverage(p, k => ProportionInterval.ClopperPearson(k, 60)) >= 0.95);
    }

    [Fact]
    public void Wilson_ExactCoverageAveragedOverP_IsNearItsLevel()
    {
        double mean = Enumerable.Range(1, 199).Average(i => Coverage(i / 200.0, k => ProportionInterval.Wilson(k, 60)));

        Assert.InRange(mean, 0.945, 0.96);
    }

    [Fact]
    public void Wilson_MoreSuccessesThanTrials_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ProportionInterval.Wilson(21, 20));
    }

    private static double Coverage(double p, Func<int, Interval> interval) =>
        Enumerable.Range(0, 61).Where(k => interval(k).Contains(p)).Sum(k => Binomial.PMF(p, 60, k));
}
