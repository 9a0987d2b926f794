using AnalogHil.Calibration.Quantised;
using AnalogHil.Core.Statistics;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Quantised;

public sealed class QuantisedSigmaTests(ITestOutputHelper output)
{
    private const double Step = 0.25;

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.35)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Of_NoiseBelowAStep_CoversOrSaysDeadZone(double steps)
    {
        // 200 columns of 400 reads at random places within a step; misses of those with an interval at 5 %, one-sided 99.9 %.
        const int runs = 200;
        int seed = 50 + (int)(100 * steps);
        var random = new Random(seed);
        int misses = 0;
        int dead = 0;
        double naive = 0;
        for (int run = 0; run < runs; run++)
        {
            double mean = random.NextDouble();
            float[] reads = Reads(random, mean, steps, 400);
            QuantisedSigma sigma = QuantisedSigma.Of([CodeHistogram.Of(reads, Step)], Step);
            dead += sigma.DeadZone is null ? 0 : 1;
            misses += sigma.Sigma.Interval.Contains(steps * Step) ? 0 : 1;
            naive = Math.Max(naive, Math.Abs(Math.Sqrt(Math.Max(0, Variance(reads) - Step * Step / 12)) / (steps * Step) - 1));
            Assert.True(sigma.DeadZone is null || sigma.Sigma.Interval.Low == 0);
        }

        int most = BinomialBand.TwoSided(runs, 0.05, 0.998).High;
        output.WriteLine($"{steps} steps: {misses} of {runs} outside (at most {most}), {dead} called dead zone; worst error of s^2 - q^2/12: {naive:P0}; seed {seed}");
        Assert.InRange(misses, 0, most);
        Assert.True(steps < 0.5 || dead < runs / 20);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    public void Of_WorstPlacesAtAFifthOfAStep_StayInsideTheirIntervals(double place)
    {
        const int runs = 200;
        int seed = 90 + (int)(10 * place);
        var random = new Random(seed);
        int misses = 0;
        int dead = 0;
        for (int run = 0; run < runs; run++)
        {
            QuantisedSigma sigma = QuantisedSigma.Of([CodeHistogram.Of(Reads(random, place, 0.2, 400), Step)], Step);
            misses += sigma.Sigma.Interval.Contains(0.2 * Step) ? 0 : 1;
            dead += sigma.DeadZone is null ? 0 : 1;
        }

        int most = BinomialBand.TwoSided(runs, 0.05, 0.998).High;
        output.WriteLine($"mean {place} of a step from a level: {misses} of {runs} outside (at most {most}), {dead} called dead zone; seed {seed}");
        Assert.InRange(misses, 0, most);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Of_ManyColumnsAtOnce_DitherEachOther()
    {
        // 60 tiles of 64 columns x 200 reads at 0.2 steps: alone a column is mostly in the dead zone, together they have an interval. Band 99.9 %.
        const int runs = 60;
        var random = new Random(95);
        int covered = 0;
        int dead = 0;
        double width = 0;
        for (int run = 0; run < runs; run++)
        {
            CodeHistogram[] columns = [.. Enumerable.Range(0, 64).Select(_ => CodeHistogram.Of(Reads(random, random.NextDouble(), 0.2, 200), Step))];
            QuantisedSigma sigma = QuantisedSigma.Of(columns, Step);
            dead += sigma.DeadZone is null ? 0 : 1;
            covered += sigma.Sigma.Interval.Contains(0.2 * Step) ? 1 : 0;
            width += sigma.DeadZone is null ? sigma.Sigma.RelativeHalfWidth : 0;
        }

        int least = BinomialBand.TwoSided(runs, 0.95, 0.998).Low;
        output.WriteLine($"{covered} of {runs} cover (at least {least}), {dead} called dead zone, mean half-width of the others {width / (runs - dead):P1}, seed 95");
        Assert.InRange(covered, least, runs);
        Assert.InRange(dead, 0, runs / 2);
    }

    [Fact]
    public void Of_OneCodeOnly_SaysDitherNeeded()
    {
        QuantisedSigma sigma = QuantisedSigma.Of([CodeHistogram.Of(Enumerable.Repeat(1.5f, 1000).ToArray(), Step)], Step);
        Assert.Contains("dither", sigma.DeadZone, StringComparison.Ordinal);
        Assert.Equal(0, sigma.Sigma.Interval.Low);
        Assert.InRange(sigma.Sigma.Interval.High, 0.05 * Step, 0.5 * Step);
    }

    [Fact]
    public void Of_FineConverter_AgreesWithTheSampleVariance()
    {
        var random = new Random(96);
        float[] reads = Reads(random, 0.3, 6, 2000);
        QuantisedSigma sigma = QuantisedSigma.Of([CodeHistogram.Of(reads, Step)], Step);
        Assert.Equal(Math.Sqrt(Variance(reads) - Step * Step / 12), sigma.Sigma.Value, 0.002 * sigma.Sigma.Value);
        Assert.InRange(sigma.EffectiveDof, 1800, 2100);
    }

    private static float[] Reads(Random random, double mean, double steps, int n) =>
        [.. Enumerable.Range(0, n).Select(_ => (float)(Step * Math.Round(mean + steps * Synthetic.Normal(random))))];

    private static double Variance(float[] reads)
    {
        double mean = reads.Average(read => (double)read);
        return reads.Sum(read => (read - mean) * (read - mean)) / (reads.Length - 1);
    }
}
