using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Results;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests;

public sealed class CalibratorTests(ITestOutputHelper output)
{
    private static readonly GaussianTruth ThreeTerms = new()
    {
        Sigma = new() { [NoiseTerm.Thermal] = 0.04, [NoiseTerm.Weight] = 0.06, [NoiseTerm.ShotBalanced] = 0.2 },
    };

    [Fact]
    public async Task RunAsync_ThreeTerms_FindsSigmaGainAndOffset()
    {
        var device = new GaussianDevice(FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced), ThreeTerms, seed: 4);
        CalibrationResult result = await new Calibrator(device, new CalibrationOptions { Seed = 1 }, new DiscardingArchive()).RunAsync(null, default);
        foreach (NoiseTermEstimate term in result.Profile.Terms)
        {
            output.WriteLine($"{term.Term} {term.Sigma} {term.Averaging}");
            Assert.True(term.Present);
            Assert.Equal(ThreeTerms.Sigma[term.Term], term.Sigma.Value, ThreeTerms.Sigma[term.Term] * 0.1);
        }

        output.WriteLine($"{result.Diagnostics}");
        foreach (var d in result.Diagnostics.Design) output.WriteLine($"{d}");
        foreach (var d in result.Averaging) output.WriteLine($"{d}");
        output.WriteLine($"{result.AveragingFit} {result.Reads} {string.Join('|', result.Warnings)}");
        foreach (var d in result.History) output.WriteLine($"{d}");
        Assert.Empty(device.Active.Blocks);
    }
}
