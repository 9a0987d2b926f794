using AnalogHil.Calibration.Quantised;
using AnalogHil.Calibration.Statics;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Simulation;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Statics;

public sealed class DitherTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.35)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public async Task Dither_NoiseOfPartsOfAStep_SigmaCoversOrDeadZoneIsSaid(double steps)
    {
        // 20 devices, judged at 99.9 %.
        const int runs = 20;
        int covered = 0;
        int dead = 0;
        double dither = 0;
        for (int run = 0; run < runs; run++)
        {
            double q = 2.0 * 48 / 256;
            var physics = StaticDevices.Crossbar() with { Lumped = new() { ReceiverNoiseNanoamperes = 0 }, ReadoutNoise = steps * q };
            await using SimulatedDevice device = await Cells.OpenAsync(
                physics, 9600 + run, columns: 8, change: options => options with { AdcBits = 8, DacBits = 12 });
            DitherStudy study = DitherStudy.Of(await Cells.ReadAsync(device, DitherStudy.Plan(device.Capabilities, [0], vectors: 32)));
            covered += study.Sigma.Sigma.Interval.Contains(steps * q) ? 1 : 0;
            dead += study.DeadZone is null ? 0 : 1;
            dither += study.Dither / q / runs;
        }

        int least = BinomialBand.TwoSided(runs, 0.95, 0.998).Low;
        output.WriteLine($"{steps} steps: {covered} of {runs} cover (at least {least}), dead zone said in {dead}; "
            + $"dither asked for {dither:F3} steps on average (exact {ConverterBias.DitherFor(1, steps):F3}); seeds 9600 ..");
        Assert.InRange(covered, least, runs);
        Assert.InRange(dither, ConverterBias.DitherFor(1, steps), ConverterBias.DitherFor(1, steps) + 0.2);
    }

    [Fact]
    public async Task Dither_HardlyAnyNoise_SaysDeadZone()
    {
        var physics = StaticDevices.Crossbar() with { Lumped = new() { ReceiverNoiseNanoamperes = 0 }, ReadoutNoise = 0.001 };
        await using SimulatedDevice device = await Cells.OpenAsync(physics, 9700, change: options => options with { AdcBits = 8, DacBits = 12 });
        DitherStudy study = DitherStudy.Of(await Cells.ReadAsync(device, DitherStudy.Plan(device.Capabilities, [0], vectors: 32)));
        Assert.Contains("dead zone, dither needed", study.DeadZone, StringComparison.Ordinal);
        Assert.Equal(0.5 * 2 * 48 / 256, study.Dither, 1e-9);
    }

    [Fact]
    public void ConverterBias_AgainstTheMeanOfRoundedNoise_IsTheLargestError()
    {
        foreach (double sigma in (double[])[0.1, 0.2, 0.35])
        {
            double worst = 0;
            for (int phase = 0; phase < 200; phase++)
            {
                double mean = phase / 200.0;
                double expected = 0;
                for (int code = -6; code <= 7; code++)
                {
                    expected += code * (Normal.CDF(mean, sigma, code + 0.5) - Normal.CDF(mean, sigma, code - 0.5));
                }

                worst = Math.Max(worst, Math.Abs(expected - mean));
            }

            // The series takes every harmonic at its largest at once: an upper bound, close where one harmonic rules.
            Assert.InRange(ConverterBias.Worst(1, sigma), worst - 1e-9, sigma < 0.15 ? 0.5 : 1.05 * worst);
        }
    }
}
