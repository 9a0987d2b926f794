using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Statics;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Simulation;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Statics;

public sealed class FixedPatternTests(ITestOutputHelper output)
{
    [Fact]
    public async Task FixedPattern_TwentyDevices_SpreadCoversAndIsSplitFromReadNoise()
    {
        // Spread of the cells as they are, from the device itself; its interval is that of the ensemble and covers the sample at hand more often. Least count
        // at 99.9 %.
        const int runs = 20;
        int covered = 0;
        long cells = 0;
        long inside = 0;
        double ratio = 0;
        for (int run = 0; run < runs; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(
                StaticDevices.Crossbar() with { Lumped = new() { ReceiverNoiseNanoamperes = 3000, ProgrammingErrorMicrosiemens = 0.4 } }, 9300 + run);
            float[] targets = HadamardSweep.Checkerboard(device.Capabilities);
            ArchivedReads reads = await Cells.ReadAsync(device, HadamardSweep.Plan(device.Capabilities, "pattern", targets, [0], 64));
            FixedPatternStudy study = FixedPatternStudy.Of(reads, "pattern", targets);
            double[,] weights = new double[32, 16];
            float[] one = new float[32];
            for (int row = 0; row < 32; row++)
            {
                one.AsSpan().Clear();
                one[row] = 1;
                var truth = device.TruthOf(0, one);
                for (int c = 0; c < 16; c++)
                {
                    double gain = device.Truth.Gain[0][c];
                    weights[row, c] = truth[c].Mean;
                    double limit = 1.959964 * Math.Sqrt(study.Responses[0].Variance(c));
                    inside += Math.Abs(study.Responses[0].Value[row, c] - gain * truth[c].Mean) < limit ? 1 : 0;
                    cells++;
                }
            }

            // About the line of every column, as the routine has it: what all cells of a column share is gain.
            double squares = 0;
            for (int c = 0; c < 16; c++)
            {
                double slope = Enumerable.Range(0, 32).Sum(row => weights[row, c] * targets[row * 16 + c])
                    / Enumerable.Range(0, 32).Sum(row => targets[row * 16 + c] * targets[row * 16 + c]);
                squares += Enumerable.Range(0, 32).Sum(row => Math.Pow(weights[row, c] / slope - targets[row * 16 + c], 2));
            }

            double spread = Math.Sqrt(squares / (31 * 16));
            covered += study.Pattern.Interval.Contains(spread) ? 1 : 0;
            ratio += study.Pattern.Value / spread / runs;
            if (run == 0)
            {
                output.WriteLine($"pattern {study.Pattern.Value:F5} [{study.Pattern.Interval.Low:F5}, {study.Pattern.Interval.High:F5}], "
                    + $"cells {spread:F5}, read noise of a cell {study.ReadPart:F5}");
            }
        }

        int least = BinomialBand.TwoSided(runs, 0.95, 0.998).Low;
        (int low, int high) = BinomialBand.TwoSided((int)cells, 0.95, 0.999);
        output.WriteLine($"spread covered in {covered} of {runs} (at least {least}), mean ratio {ratio:F4}; "
            + $"{inside} of {cells} cells within their limits (band {low} .. {high}); seeds 9300 ..");
        Assert.InRange(covered, least, runs);
        Assert.InRange(inside, low, high);
        Assert.InRange(ratio, 0.98, 1.02);
    }

    [Fact]
    public async Task FixedPattern_NoProgrammingError_LowerLimitIsZero()
    {
        // One-sided 2.5 % a device: more than 4 of 20 in 0.03 % of suites.
        int claimed = 0;
        for (int run = 0; run < 20; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(StaticDevices.Crossbar(), 9400 + run);
            float[] targets = HadamardSweep.Checkerboard(device.Capabilities);
            ArchivedReads reads = await Cells.ReadAsync(device, HadamardSweep.Plan(device.Capabilities, "pattern", targets, [0], 8));
            claimed += FixedPatternStudy.Of(reads, "pattern", targets).Pattern.Interval.Low > 0 ? 1 : 0;
        }

        output.WriteLine($"a pattern claimed on {claimed} of 20 exact devices; seeds 9400 ..");
        Assert.InRange(claimed, 0, 4);
    }
}
