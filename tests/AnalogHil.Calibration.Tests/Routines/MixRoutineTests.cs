using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Routines;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Routines;

public sealed class MixRoutineTests(ITestOutputHelper output)
{
    private static readonly MixTerm[] Three = [MixTerm.Thermal, MixTerm.Weight, MixTerm.ShotBalanced];

    [Fact]
    public async Task RunAsync_ThreeEqualTerms_TakesLittleMoreThanTheBestReads()
    {
        // Equal terms, 5 % standard deviation on each variance (4.9 % half-width on sigma): theory's optimum is 21,320 reads over all columns. Mean of 20
        // devices.
        double mean = 0;
        for (int seed = 201; seed <= 220; seed++)
        {
            MixRoutineResult result = await RunAsync(seed, new MixRoutineOptions { RelativeHalfWidth = 0.049, Confidence = 1 - 0.05 * MixRoutine.Correction });
            Assert.True(result.Reached);
            Assert.All(result.Fit.Mix.Terms, term => Assert.True(term.Present && term.Sigma.RelativeHalfWidth <= 0.049));
            mean += result.Reads / 20.0;
            if (seed == 201)
            {
                output.WriteLine($"{result.Looks} looks; {string.Join(", ", result.Fit.Points.Select(point => $"{point.Observation.Point} {point.Observation.Reads}"))}");
            }
        }

        output.WriteLine($"{mean:F0} reads on average, {mean / 21320:F3} of the optimum, seeds 201 .. 220");
        Assert.InRange(mean, 15000, 1.1 * 21320);
    }

    [Fact]
    public async Task RunAsync_TooFewReadsAllowed_SaysHowManyMore()
    {
        MixRoutineResult result = await RunAsync(221, new MixRoutineOptions { MostVectors = 32 });
        Assert.False(result.Reached);
        Assert.Contains(result.Fit.Warnings, warning => warning.Contains("MostVectors", StringComparison.Ordinal));
    }

    private static async Task<MixRoutineResult> RunAsync(int seed, MixRoutineOptions options)
    {
        DeviceCapabilities capabilities = FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced) with { AdcBits = 14, AdcFullScale = 32 };
        var truth = new GaussianTruth
        {
            Sigma = new() { [NoiseTerm.Thermal] = 1 / 16.0, [NoiseTerm.Weight] = 1 / 8.0, [NoiseTerm.ShotBalanced] = 1 / 4.0 }, GainSpread = 0, OffsetSpread = 0.1,
        };
        var device = new GaussianDevice(capabilities, truth, seed);
        var archive = new RecordingArchive(await ArchiveProvenance.OfAsync(device, "mix", TimeProvider.System, default));
        return await new MixRoutine(device, options, archive, archive.Reads).RunAsync([.. Three], [0, 1], default);
    }
}
