using AnalogHil.Calibration.Drift;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Drift;

public sealed class VarianceCusumTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1.1)]
    [InlineData(0.9)]
    public void Add_TenPercentStep_IsFoundWithinTwentyProbes(double step)
    {
        // 95 % of 200 runs is the promise; the watch finds nearly all, so that a count below 190 would take a fall of the power to 95 % or so.
        const int seed = 61;
        var random = new Random(seed);
        int found = 0;
        double delay = 0;
        var watch = new VarianceCusum(2, 256);
        for (int run = 0; run < 200; run++)
        {
            watch.Reset();
            int probe = 0;
            bool alarm = false;
            while (!alarm && probe < 20)
            {
                probe++;
                alarm = watch.Add(2 * step * step * ChiSquared.Sample(random, 256) / 256);
            }

            found += alarm ? 1 : 0;
            delay += probe / 200.0;
        }

        output.WriteLine($"step {step}: found in {found} of 200 within 20 probes, {delay:F1} probes on average, seed {seed}");
        Assert.InRange(found, 190, 200);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Add_NoStep_AlarmsAsSeldomAsStated()
    {
        // 300 runs to the first alarm: run lengths are about exponential, so their mean has a relative standard error of 5.8 %; 4 of them are allowed, and
        // the grid's own error.
        const int seed = 62;
        var random = new Random(seed);
        var watch = new VarianceCusum(1, 256);
        double probes = 0;
        for (int run = 0; run < 300; run++)
        {
            watch.Reset();
            while (!watch.Add(ChiSquared.Sample(random, 256) / 256))
            {
            }

            probes += watch.Probes / 300.0;
        }

        output.WriteLine($"{probes:F0} probes between false alarms on average, {watch.RunLength:F0} stated, threshold {watch.Threshold:F2}, seed {seed}");
        Assert.InRange(watch.RunLength, 1000, 1100);
        Assert.InRange(probes, 770, 1400);
    }

    [Fact]
    public void Add_NotANumber_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new VarianceCusum(1, 64).Add(double.NaN));
}
