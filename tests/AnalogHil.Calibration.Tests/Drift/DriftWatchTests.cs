using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Drift;
using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Refit;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Drift;

public sealed class DriftWatchTests(ITestOutputHelper output)
{
    private static readonly ImmutableArray<MixTerm> Terms = [MixTerm.Thermal, MixTerm.Weight];

    [Fact]
    public async Task ProbeAsync_WeightNoiseTenPercentLarger_IsFoundAndOnlyItsPointIsReadAgain()
    {
        // 20 devices whose weight noise, nearly all of the noise at full inputs, rises by 10 %. Found within 20 probes in 95 %; both sigmas covered
        // after reading again what the plan asks for: least counts at 99.9 %. An early alarm before the step: 5 probes at an average run of 1,000.
        const int runs = 20;
        int found = 0;
        int covered = 0;
        int stale = 0;
        int early = 0;
        long probeReads = 0;
        long again = 0;
        double seconds = 0;
        for (int run = 0; run < runs; run++)
        {
            await using SimulatedDevice before = await OpenAsync(2, 12000 + run);
            await using SimulatedDevice after = await OpenAsync(2.2, 12000 + run);
            ProbePattern[] patterns = [Cells.Corner(before, "dark"), Cells.Corner(before, "input")];
            ArchivedReads calibration = await Cells.ReadAsync(before, [.. patterns.Select(pattern => new PlannedSeries(pattern, [0], 1024))]);
            var watch = new DriftWatch(calibration, patterns, [0]);
            for (int probe = 0; probe < 5; probe++)
            {
                early += (await watch.ProbeAsync(before, default)).Alarms.IsEmpty ? 0 : 1;
            }

            DriftProbe last = await watch.ProbeAsync(after, default);
            for (int probe = 1; probe < 20 && last.Alarms.IsEmpty; probe++)
            {
                last = await watch.ProbeAsync(after, default);
            }

            (probeReads, seconds) = (last.Reads, last.DeviceSeconds);
            if (last.Alarms.IsEmpty)
            {
                continue;
            }

            found++;
            ImmutableArray<PlannedSeries> plan = LeastRecalibration.Plan(last.Alarms, patterns, Terms, after.Capabilities.FullScale, _ => 1024);
            Assert.Equal(["input"], plan.Select(series => series.Pattern.Name));
            ArchivedReads renewed = LeastRecalibration.Renew(calibration, await Cells.ReadAsync(after, plan));
            again = plan.Sum(series => (long)series.VectorsPerTile * 16);
            covered += Covers(renewed, after);
            stale += Covers(calibration, after);
        }

        int least = BinomialBand.TwoSided(runs, 0.95, 0.998).Low;
        int both = BinomialBand.TwoSided(2 * found, 0.95, 0.998).Low;
        output.WriteLine($"found within 20 probes in {found} of {runs} (at least {least}); {covered} of {2 * found} sigmas covered after (at least {both}), "
            + $"{stale} by the old reads; {again} reads again of {2 * 1024 * 16}; a probe is {probeReads} reads, {1e6 * seconds:F1} us of the device; "
            + $"{early} of {5 * runs} probes alarmed before; seeds 12000 ..");
        Assert.InRange(found, least, runs);
        Assert.InRange(covered, both, 2 * found);
        Assert.InRange(early, 0, 4);
    }

    [Fact]
    public async Task ProbeAsync_ReceiverNoiseOfOneTileLarger_AsksForEveryPointOfThatTileOnly()
    {
        var truth = new GaussianTruth { Sigma = { [NoiseTerm.Thermal] = 0.01, [NoiseTerm.Weight] = 0.02 }, TileNoise = [1, 1] };
        await using var device = new GaussianDevice(
            FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight) with { AdcBits = 0, DacBits = 0, MaxVectors = 256 }, truth, 12100);
        ProbePattern[] patterns = [Cells.Corner(device, "dark"), Cells.Corner(device, "input")];
        ArchivedReads calibration = await Cells.ReadAsync(device, [.. patterns.Select(pattern => new PlannedSeries(pattern, [0, 1], 1024))]);
        var watch = new DriftWatch(calibration, patterns, [0, 1], new DriftWatchOptions { Vectors = 65 });
        truth.TileNoise[1] = 1.3;
        DriftProbe last;
        do
        {
            last = await watch.ProbeAsync(device, default);
        }
        while (last.Alarms.IsEmpty && watch.Probes < 20);

        output.WriteLine($"{string.Join("; ", last.Alarms)} after {watch.Probes} probes; seed 12100");
        Assert.All(last.Alarms, alarm => Assert.Equal((1, true), (alarm.Tile, alarm.Rise)));
        ImmutableArray<PlannedSeries> plan = LeastRecalibration.Plan(last.Alarms, patterns, Terms, device.Capabilities.FullScale, _ => 512);
        Assert.Contains(last.Alarms, alarm => alarm.Point == "dark");
        Assert.Equal(["dark", "input"], plan.Select(series => series.Pattern.Name));
        Assert.All(plan, series => Assert.Equal([1], series.Tiles.ToArray()));
        ArchivedReads renewed = LeastRecalibration.Renew(calibration, await Cells.ReadAsync(device, plan));
        Assert.Equal(
            [(0, 1024), (1, 512)],
            renewed["dark"].Segments.GroupBy(segment => segment.Tile).Select(tile => (tile.Key, tile.Sum(segment => segment.Vectors))));
        Assert.Equal(8 * (1024 + 512), renewed["dark"].Reads.Length);
    }

    [Fact]
    public async Task ProbeAsync_FlickerNoiseUnchanged_SeldomAlarms()
    {
        // 1/f noise from 0.05 to 200 us, a probe of 17 reads 1.7 us, the reference's calls 25.6 us. 10 devices of 60 probes at one false alarm in 1,000 or
        // fewer: Poisson about 0.6, above 3 in 0.4 % of suites. Scatter of the dark reads is that of independent ones: over 10 x 59 pieces its mean has a
        // standard deviation of 0.058, beyond 4 of which it lies in 0.006 % of suites.
        const int devices = 10;
        const int each = 60;
        int alarms = 0;
        double shorter = 0;
        double white = 0;
        double slow = 0;
        for (int i = 0; i < devices; i++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(Cells.Flicker(2), 12200 + i, change: options => options with { GainSpread = 0 });
            ProbePattern[] patterns = [Cells.Corner(device, "dark"), Cells.Corner(device, "input")];
            ArchivedReads reference = await Cells.ReadAsync(device, [.. patterns.Select(pattern => new PlannedSeries(pattern, [0], 1024))]);
            shorter += Within(ProbeLengths.Cut(reference["input"], 17)) / Within(reference["input"]) / devices;
            var watch = new DriftWatch(reference, patterns, [0]);
            Assert.All(watch.Scatter, one => Assert.Equal((59L, true), (one.Pieces, one.Factor >= Math.Max(1, one.Observed))));
            white += watch.Scatter.Single(one => one.Point == "dark").Observed / devices;
            slow += watch.Scatter.Single(one => one.Point == "input").Observed / devices;
            for (int probe = 0; probe < each; probe++)
            {
                if (!(await watch.ProbeAsync(device, default)).Alarms.IsEmpty)
                {
                    alarms++;
                    watch = new DriftWatch(reference, patterns, [0]);
                }
            }
        }

        output.WriteLine($"{alarms} false alarms in {devices * each} probes; variance within 17 reads over that within 256: {shorter:F3}; seeds 12200 ..");
        output.WriteLine($"variance of probes' variances over that of independent reads: {white:F2} dark, {slow:F2} with full inputs");
        Assert.True(shorter < 0.9, "the noise is not slow enough to show anything");
        Assert.InRange(white, 0.77, 1.23);
        Assert.InRange(slow, 0.8, 1.5);
        Assert.InRange(alarms, 0, 3);
    }

    [Fact]
    public async Task ProbeAsync_FlickerNoiseTenPercentLarger_IsFoundWithinTwentyProbes()
    {
        // 20 devices at 95 %: least count at 99.9 %.
        const int runs = 20;
        int found = 0;
        for (int run = 0; run < runs; run++)
        {
            await using SimulatedDevice before = await Cells.OpenAsync(Cells.Flicker(2), 12300 + run, change: options => options with { GainSpread = 0 });
            await using SimulatedDevice after = await Cells.OpenAsync(Cells.Flicker(2.2), 12300 + run, change: options => options with { GainSpread = 0 });
            ProbePattern[] patterns = [Cells.Corner(before, "dark"), Cells.Corner(before, "input")];
            var watch = new DriftWatch(await Cells.ReadAsync(before, [.. patterns.Select(pattern => new PlannedSeries(pattern, [0], 1024))]), patterns, [0]);
            DriftProbe last = await watch.ProbeAsync(after, default);
            for (int probe = 1; probe < 20 && last.Alarms.IsEmpty; probe++)
            {
                last = await watch.ProbeAsync(after, default);
            }

            found += last.Alarms.Any(alarm => alarm.Rise) ? 1 : 0;
        }

        int least = BinomialBand.TwoSided(runs, 0.95, 0.998).Low;
        output.WriteLine($"found within 20 probes in {found} of {runs} (at least {least}); seeds 12300 ..");
        Assert.InRange(found, least, runs);
    }

    private static double Within(ArchivedSeries series) => ColumnCalls.Of(series, [])
        .Select(pair => ColumnCalls.Pooled(pair.Value)).Average(pooled => pooled.Squares / pooled.Dof);

    private static int Covers(ArchivedReads reads, SimulatedDevice device)
    {
        RefitResult fit = ArchiveRefit.Fit(reads, Terms);
        return (fit.Mix.Terms[0].Sigma.Interval.Contains(device.Truth.Terms[NoiseTerm.Thermal].Sigma) ? 1 : 0)
            + (fit.Mix.Terms[1].Sigma.Interval.Contains(device.Truth.Terms[NoiseTerm.Weight].Sigma) ? 1 : 0);
    }

    private static Task<SimulatedDevice> OpenAsync(double readNoise, int seed) =>
        Cells.OpenAsync(
            new CrossbarCells { Lumped = new() { ReadNoiseMicrosiemens = readNoise, ReceiverNoiseNanoamperes = 1500 } }, seed,
            change: options => options with { GainSpread = 0 });
}
