using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Allocation;

namespace AnalogHil.Precision.Tests.Allocation;

public class PriceOfIgnoranceTests
{
    private const RedundancyMode InTime = RedundancyMode.ReadAndAverage;

    [Fact]
    public void Of_OneWhiteTerm_IsTheSquareOfTheSigmas()
    {
        // 256 reads, upper limit 10 % above; 768 more halve the interval: (1.05 / 1.10)^2 of the energy, 8.9 % saved.
        PriceOfIgnorance price = PriceOfIgnorance.Of(Parts.One(AveragingLaw.White, [4, 1], [1, 3], 0.01, 0.011, 256), InTime, 0.5, 768);
        Assert.Equal(Math.Pow(2 + Math.Sqrt(3), 2) / (0.5 * 4), price.EnergyAtEstimate, 1e-9);
        Assert.Equal(0.21, price.Price, 1e-9);
        Assert.Equal(1 - Math.Pow(1.05 / 1.10, 2), price.Saving, 1e-9);
        Assert.Contains("takes 21 % more energy", price.Sentence, StringComparison.Ordinal);
        Assert.Contains("768 more reads of each term would save 8.9 % energy", price.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AFloor_PaysForItTwice()
    {
        // The floor grows with sigma^2 as well: room 0.5 - 0.2 x 1.21 is left of 0.5 - 0.2.
        var parts = Parts.One(new AveragingLaw(0.8, 0.2), [1], [1], 0.01, 0.011, 256);
        PriceOfIgnorance price = PriceOfIgnorance.Of(parts, InTime, 0.5, 768);
        Assert.Equal(0.8 / 0.3, price.EnergyAtEstimate, 1e-9);
        Assert.Equal(0.8 * 1.21 / (0.5 - 0.242), price.EnergyAtUpperLimit, 1e-9);
    }

    [Fact]
    public void Of_ATermThatWasNotToldFromZero_CountsAtTheUpperLimit()
    {
        // It adds 1 to the 4 x 1.21 at the upper limits and nothing at the estimates. Four times the reads halve its variance's limit.
        TermSensitivities one = Parts.One(AveragingLaw.White, [4], [1], 0.01, 0.011, 256);
        TermSensitivities two = one with
        {
            Terms = [one.Terms[0], one.Terms[0] with { Term = NoiseTerm.Weight, Present = false, Sigma = new Estimate(0, new Interval(0, 0.02), "1", 256) }],
            OfTerm = [[4], [1]],
        };
        PriceOfIgnorance price = PriceOfIgnorance.Of(two, InTime, 0.5, 768);
        Assert.Equal(4 / 0.5, price.EnergyAtEstimate, 1e-9);
        Assert.Equal((4 * 1.21 + 1) / 0.5, price.EnergyAtUpperLimit, 1e-9);
        Assert.Equal((4 * 1.05 * 1.05 + 0.5) / 0.5, price.EnergyWithMoreReads, 1e-9);
    }

    [Theory]
    [InlineData(RedundancyMode.ReadAndAverage, RedundancyMode.ReadAndAverage, 0.2)]
    [InlineData(RedundancyMode.AccumulateThenRead, RedundancyMode.ReadAndAverage, 0.2 + 0.7)]
    [InlineData(RedundancyMode.AccumulateThenRead, RedundancyMode.AccumulateThenRead, 0.2)]
    [InlineData(RedundancyMode.SpatialCopies, RedundancyMode.AccumulateThenRead, 0)]
    public void Floor_InEachMode_IsWhatTheLossTendsTo(RedundancyMode mode, RedundancyMode measuredIn, double floor)
    {
        TermSensitivities parts = Parts.One(new AveragingLaw(0.8, 0.2), [1], [1]) with { Converter = [0.7], MeasuredIn = measuredIn };
        Assert.Equal(floor, parts.Floor(mode), 1e-9);
        Assert.Equal(parts.Loss(0, 1e12, mode), parts.Floor(mode), 1e-9);
        Assert.Equal(parts.Loss(0, 1, mode), parts.Floor(mode) + parts.AveragingPart(mode)[0], 1e-9);
    }

    [Fact]
    public void Of_ALossBelowTheFloor_SaysSo()
    {
        var parts = Parts.One(new AveragingLaw(0.8, 0.2), [1], [1], 0.01, 0.02, 256);
        Assert.Contains("floor", Assert.Throws<PrecisionException>(() => PriceOfIgnorance.Of(parts, InTime, 0.1, 10)).Message, StringComparison.Ordinal);

        // Enough at the estimates, never at the upper limit.
        PriceOfIgnorance price = PriceOfIgnorance.Of(parts, InTime, 0.5, 10);
        Assert.True(double.IsPositiveInfinity(price.EnergyAtUpperLimit));
        Assert.Contains("no energy is enough", price.Sentence, StringComparison.Ordinal);
        Assert.Equal(0, price.Saving);
    }
}
