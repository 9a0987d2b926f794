using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Calibration.Transients;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using AnalogHil.Devices.Simulation.Cells;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Transients;

/// <summary>The settling routine against devices whose outputs lag behind their drive.</summary>
public sealed class SettlingCellTests(ITestOutputHelper output)
{
    private const double ReadNanoseconds = 100;
    private const double Tau = 400;

    [Fact]
    public async Task Of_OutputsThatLag_TimeConstantCoversTheDevices()
    {
        // 20 devices; counts at 99.9 %.
        int covered = 0;
        int found = 0;
        double mean = 0;
        for (int seed = 18000; seed < 18020; seed++)
        {
            SettlingStudy study = await StudyAsync(seed, Tau);
            found += study.Fit.Present ? 1 : 0;
            covered += study.Fit.TimeConstant?.Interval.Contains(Tau * 1e-9) == true ? 1 : 0;
            mean += (study.Fit.TimeConstant?.Value ?? 0) * 1e9 / 20;
        }

        int least = BinomialBand.TwoSided(20, 0.95, 0.998).Low;
        output.WriteLine($"seen in {found} of 20, time constant {Tau} ns covered in {covered} (at least {least}), {mean:F0} ns on average; seeds 18000 ..");
        Assert.Equal(20, found);
        Assert.InRange(covered, least, 20);
    }

    [Fact]
    public async Task Of_NoLag_NothingIsLeftOver()
    {
        int claimed = 0;
        for (int seed = 18100; seed < 18120; seed++)
        {
            claimed += (await StudyAsync(seed, 0)).Fit.Present ? 1 : 0;
        }

        // 1 % each: 3 or more of 20 in one of 1,000.
        output.WriteLine($"claimed in {claimed} of 20, seeds 18100 ..");
        Assert.InRange(claimed, 0, 2);
    }

    [Fact]
    public async Task ExecuteAsync_SettlingTimeOfManyTimeConstants_LagLeavesReadsAlone()
    {
        await using SimulatedDevice with = await OpenAsync(18200, 20);
        await using SimulatedDevice without = await OpenAsync(18200, 0);
        foreach (ArchivedReads reads in (ArchivedReads[])[await Cells.ReadAsync(with, SettlingStudy.Plan(with.Capabilities, 0, 2, 4)),
            await Cells.ReadAsync(without, SettlingStudy.Plan(without.Capabilities, 0, 2, 4))])
        {
            Assert.Equal(4, reads.Series.Length);
        }

        float[] lagging = [.. (await Cells.ReadAsync(with, SettlingStudy.Plan(with.Capabilities, 0, 2, 4))).Series.SelectMany(series => series.Reads)];
        float[] quick = [.. (await Cells.ReadAsync(without, SettlingStudy.Plan(without.Capabilities, 0, 2, 4))).Series.SelectMany(series => series.Reads)];

        // exp(-1100 / 20) of a product is far below a converter step: the same noise gives the same reads.
        Assert.Equal(quick, lagging);
    }

    private static async Task<SettlingStudy> StudyAsync(int seed, double tau)
    {
        await using SimulatedDevice device = await OpenAsync(seed, tau);
        ArchivedReads reads = await Cells.ReadAsync(device, SettlingStudy.Plan(device.Capabilities, 0, 32, 48));
        return SettlingStudy.Of(reads, ReadNanoseconds * 1e-9, 0.05);
    }

    private static async Task<SimulatedDevice> OpenAsync(int seed, double tau) => await Cells.OpenAsync(
        new CrossbarCells { Lumped = new() { ReadNoiseMicrosiemens = 1, ReceiverNoiseNanoamperes = 1500 }, LagNanoseconds = tau },
        seed,
        change: options => options with { SettlingTime = TimeSpan.FromTicks(10), ReadTimeNanoseconds = ReadNanoseconds });
}
