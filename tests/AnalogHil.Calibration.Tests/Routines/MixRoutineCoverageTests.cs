using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Routines;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Routines;

/// <summary>Stopping when the intervals are narrow enough looks at the data more than once: do the intervals still hold?</summary>
[Trait("Category", "Long")]
public sealed class MixRoutineCoverageTests(ITestOutputHelper output)
{
    [Fact]
    public async Task RunAsync_FourHundredSequentialRuns_IntervalsCoverTheTruth()
    {
        // Random truths, 10 % half-width, each run stopped by its own looks. Two-sided 99 % band each; a false alarm in 3 % of the suites.
        const int runs = 400;
        NoiseTerm[] names = [NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced];
        int[] covered = new int[3];
        double reads = 0;
        double looks = 0;
        for (int run = 0; run < runs; run++)
        {
            var random = new Random(19000 + run);
            var truth = new GaussianTruth
            {
                Sigma = new()
                {
                    [NoiseTerm.Thermal] = 1 / 16.0 * Math.Pow(2, 2 * random.NextDouble() - 1),
                    [NoiseTerm.Weight] = 1 / 8.0 * Math.Pow(2, random.NextDouble() - 0.5),
                    [NoiseTerm.ShotBalanced] = 1 / 4.0 * Math.Pow(2, random.NextDouble() - 0.5),
                },
                GainSpread = 0,
                OffsetSpread = 0.1,
            };
            DeviceCapabilities capabilities = FakeCapabilities.Small(names) with { AdcBits = 14, AdcFullScale = 32 };
            var device = new GaussianDevice(capabilities, truth, 19000 + run);
            var archive = new RecordingArchive(await ArchiveProvenance.OfAsync(device, "mix", TimeProvider.System, default));
            MixRoutineResult result = await new MixRoutine(device, new MixRoutineOptions { RelativeHalfWidth = 0.1, AbsentShare = 1e-3 }, archive,
                archive.Reads)
                .RunAsync([MixTerm.Thermal, MixTerm.Weight, MixTerm.ShotBalanced], [0, 1], default);
            for (int j = 0; j < 3; j++)
            {
                covered[j] += result.Fit.Mix.Terms[j].Sigma.Interval.Contains(truth.Sigma[names[j]]) ? 1 : 0;
            }

            reads += result.Reads / (double)runs;
            looks += result.Looks / (double)runs;
        }

        (int low, int high) = BinomialBand.TwoSided(runs, 0.95, 0.99);
        output.WriteLine($"covered {string.Join(", ", names.Zip(covered, (name, n) => $"{name} {n}"))} of {runs} (99 % band {low} .. {high}); {looks:F1} looks and {reads:F0} reads on average; seeds 19000 ..");
        Assert.All(covered, n => Assert.InRange(n, low, high));
    }
}
