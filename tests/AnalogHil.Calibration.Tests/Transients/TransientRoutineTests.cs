using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Drift;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Calibration.Transients;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Transients;

public sealed class TransientRoutineTests(ITestOutputHelper output)
{
    [Fact]
    public async Task WarmUp_ThirtyDevices_TimeConstantAndTimeToRestCover()
    {
        // Judged at 99.9 % each.
        const int runs = 30;
        const double tolerance = 0.02;
        int tau = 0;
        int rest = 0;
        for (int run = 0; run < runs; run++)
        {
            double seconds = 0.3 * Math.Pow(10, run / (runs - 1.0));
            var physics = Crossbar() with { WarmUpOffset = 0.4, WarmUpSeconds = seconds };
            await using SimulatedDevice device = await Cells.OpenAsync(physics, 9800 + run);
            TransientFit fit = WarmUpStudy.Of(await TimedAsync(device, "dark", WarmUpStudy.Times(0.05, 30), 64), "dark", tolerance, alternating: false).Tiles[0].Fit;
            double truth = seconds * Math.Log(0.4 * MeanGainFree() / tolerance);
            Assert.True(fit.Present);
            tau += fit.TimeConstant!.Interval.Contains(seconds) ? 1 : 0;
            rest += fit.Settled!.Interval.Contains(truth) ? 1 : 0;
            if (run == 15)
            {
                output.WriteLine($"tau {fit.TimeConstant.Value:F3} s [{fit.TimeConstant.Interval.Low:F3}, {fit.TimeConstant.Interval.High:F3}], true {seconds:F3}; rest after {fit.Settled.Value:F2} s [{fit.Settled.Interval.Low:F2}, {fit.Settled.Interval.High:F2}], true {truth:F2}");
            }
        }

        int least = BinomialBand.TwoSided(runs, 0.95, 0.998).Low;
        output.WriteLine($"tau covered in {tau}, time to rest in {rest} of {runs} (at least {least}); seeds 9800 ..");
        Assert.InRange(tau, least, runs);
        Assert.InRange(rest, least, runs);

        // Offsets come after the column's gain.
        static double MeanGainFree() => 1;
    }

    [Fact]
    public async Task WarmUp_SteadyDevices_AreSeldomSaidToMove()
    {
        // 1 % each: more than 3 of 40 in 0.06 % of suites.
        int moving = 0;
        for (int run = 0; run < 40; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(Crossbar(), 9900 + run);
            moving += WarmUpStudy.Of(await TimedAsync(device, "dark", WarmUpStudy.Times(0.05, 30, 12), 32), "dark", 0.02, alternating: false).Tiles[0].Fit.Present ? 1 : 0;
        }

        output.WriteLine($"{moving} of 40 steady devices are said to move; seeds 9900 ..");
        Assert.InRange(moving, 0, 3);
    }

    [Fact]
    public async Task Drift_ConductancesByPowerLaw_ExponentCovers()
    {
        // Exact cells, no rest conductance: the mean follows ((t + t0) / t0)^-nu. Judged at 99.9 %.
        const int runs = 30;
        int covered = 0;
        int present = 0;
        for (int run = 0; run < runs; run++)
        {
            double nu = 0.02 + 0.06 * run / runs;
            await using SimulatedDevice device = await Cells.OpenAsync(Crossbar() with { DriftExponent = nu, DriftStartSeconds = 20 }, 10000 + run, change: options => options with { OffsetSpread = 0 });
            DriftRate rate = DriftStudy.Of(await TimedAsync(device, "product", WarmUpStudy.Times(1, 2000, 12), 256), "product", DriftLaw.Power).Tiles[0];
            covered += rate.Rate.Interval.Contains(-nu) ? 1 : 0;
            present += rate.Present ? 1 : 0;
            if (run == 15)
            {
                output.WriteLine($"rate {rate.Rate.Value:F4} [{rate.Rate.Interval.Low:F4}, {rate.Rate.Interval.High:F4}], true {-nu:F4}, misfit {rate.Misfit:F2}");
            }
        }

        int least = BinomialBand.TwoSided(runs, 0.95, 0.998).Low;
        output.WriteLine($"covered in {covered} of {runs} (at least {least}), told from 0 in {present}; seeds 10000 ..");
        Assert.InRange(covered, least, runs);
        Assert.InRange(present, runs - 2, runs);
    }

    [Fact]
    public async Task Drift_SteadyDevices_AreSeldomSaidToDrift()
    {
        // 1 % each: more than 3 of 40 in 0.06 % of suites.
        int present = 0;
        for (int run = 0; run < 40; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(Crossbar(), 10100 + run);
            present += DriftStudy.Of(await TimedAsync(device, "dark", WarmUpStudy.Times(1, 200, 10), 32), "dark", alternating: false).Tiles[0].Present ? 1 : 0;
        }

        output.WriteLine($"{present} of 40 steady devices are said to drift; seeds 10100 ..");
        Assert.InRange(present, 0, 3);
    }

    [Fact]
    public async Task Settling_ReadsThatFollowTheCallBefore_TimeCoversAndSteadyDevicesHaveNone()
    {
        // The simulated physics settles within its declared time, so that the memory of the call before is laid over its reads here. Judged at 99.9 %; claims
        // at 1 %.
        const int runs = 20;
        const double read = 100e-9;
        const double tau = 6 * read;
        int covered = 0;
        int claimed = 0;
        for (int run = 0; run < runs; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(Crossbar(), 10200 + run);
            ArchivedReads reads = await Cells.ReadAsync(device, SettlingStudy.Plan(device.Capabilities, 0, pairs: 32));
            claimed += SettlingStudy.Of(reads, read, 0.05).Fit.Present ? 1 : 0;
            double step = Cells.Corner(device, "product").Conditions.Product * 0.05;
            foreach (ArchivedSeries series in reads.Series)
            {
                double toward = series.Description.Point.Contains("high", StringComparison.Ordinal) ? -step : step;
                for (int i = 0; i < series.Reads.Length; i++)
                {
                    series.Reads[i] += (float)(toward * (i % 16 % 2 == 0 ? 1 : -1) * Math.Exp(-(i / 16) * read / tau));
                }
            }

            TransientFit fit = SettlingStudy.Of(reads, read, 0.05).Fit;
            Assert.True(fit.Present);
            covered += fit.Settled!.Interval.Contains(tau * Math.Log(step / 0.05)) && fit.TimeConstant!.Interval.Contains(tau) ? 1 : 0;
        }

        int least = BinomialBand.TwoSided(runs, 0.93, 0.998).Low;
        output.WriteLine($"covered in {covered} of {runs} (at least {least}), claimed on {claimed} settled devices; seeds 10200 ..");
        Assert.InRange(covered, least, runs);
        Assert.InRange(claimed, 0, 3);
    }

    private static CrossbarCells Crossbar() => new() { Lumped = new() { ReceiverNoiseNanoamperes = 3000 } };

    private static async Task<ArchivedReads> TimedAsync(SimulatedDevice device, string point, IReadOnlyList<double> seconds, int vectors)
    {
        RecordingArchive archive = await Cells.RecordingAsync(device);
        var acquisition = new TimedAcquisition(device, archive, (time, _) =>
        {
            device.LetTimePass(time);
            return Task.CompletedTask;
        });
        Assert.Empty(await acquisition.RunAsync(new PlannedSeries(Cells.Corner(device, point), [0], vectors), seconds, default));
        return archive.Reads();
    }
}
