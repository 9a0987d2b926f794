using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Tests.Statistics;

public sealed class BinomialBandTests
{
    [Theory]
    [InlineData(400, 0.95, 0.99)]
    [InlineData(40, 0.95, 0.99)]
    [InlineData(17, 0.3, 0.9)]
    [InlineData(5, 0.001, 0.95)]
    [InlineData(10000, 0.5, 0.999)]
    public void TwoSided_AnyCase_IsTheNarrowestBandWithThoseTails(int trials, double p, double level)
    {
        (int low, int high) = BinomialBand.TwoSided(trials, p, level);
        double tail = (1 - level) / 2;

        Assert.True(Binomial.CDF(p, trials, low - 1) <= tail);
        Assert.True(Binomial.CDF(p, trials, low) > tail);
        Assert.True(1 - Binomial.CDF(p, trials, high) <= tail + 1e-12);
        Assert.True(high == 0 || 1 - Binomial.CDF(p, trials, high - 1) > tail - 1e-12);
    }

    [Fact]
    public void TwoSided_FourHundredCalibrationsAt95Percent_AllowsTheKnownCounts()
    {
        // By exact rational arithmetic: P(X < 368) = 0.0038, P(X < 369) = 0.0067; P(X > 390) = 0.0042, P(X > 389) = 0.0094.
        Assert.Equal((368, 390), BinomialBand.TwoSided(400, 0.95, 0.99));
    }

    [Fact]
    public void TwoSided_CertainOutcome_IsThatOutcome()
    {
        Assert.Equal((7, 7), BinomialBand.TwoSided(7, 1, 0.99));
        Assert.Equal((0, 0), BinomialBand.TwoSided(7, 0, 0.99));
    }
}
