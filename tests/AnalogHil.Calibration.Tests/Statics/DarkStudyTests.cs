using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Statics;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Simulation;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Statics;

public sealed class DarkStudyTests(ITestOutputHelper output)
{
    [Fact]
    public async Task DarkStudy_TwentyDevices_OffsetsAndSigmasCover()
    {
        // 320 columns, bands at 99.9 % each; offsets are said to move at 1 % a device: more than 3 of 20 in 0.004 % of suites.
        const int runs = 20;
        int offsets = 0;
        int sigmas = 0;
        int moving = 0;
        for (int run = 0; run < runs; run++)
        {
            await using SimulatedDevice device = await Cells.OpenAsync(StaticDevices.Crossbar(), 9000 + run);
            ArchivedReads reads = await Cells.ReadAsync(device, [new(Cells.Corner(device, "dark"), [0], 1024)]);
            DarkStudy study = DarkStudy.Of(reads);
            double q = device.Capabilities.QuantiserStep;
            double sigma = device.Truth.Terms[Core.Noise.NoiseTerm.Thermal].Sigma * Math.Sqrt(32 * 16);
            offsets += study.Columns.Count(column => column.Offset.Interval.Contains(device.Truth.Offset[0][column.Column]));
            sigmas += study.Columns.Count(column =>
                column.Sigma.Interval.Contains(Math.Sqrt(Math.Pow(sigma * device.Truth.Gain[0][column.Column], 2) + q * q / 12)));
            moving += study.Moving.Length > 0 ? 1 : 0;
        }

        (int low, int high) = BinomialBand.TwoSided(16 * runs, 0.95, 0.999);
        output.WriteLine($"offsets {offsets}, sigmas {sigmas} of {16 * runs} cover (band {low} .. {high}); moving in {moving} of {runs}; seeds 9000 ..");
        Assert.InRange(offsets, low, high);
        Assert.InRange(sigmas, low, high);
        Assert.InRange(moving, 0, 3);
    }
}
