using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Results;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests;

/// <summary>K accumulations that are converted once: the converter's part does not average, and at large K nothing dithers it.</summary>
public sealed class AccumulateThenReadTests(ITestOutputHelper output)
{
    private static readonly GaussianTruth Truth = new() { Sigma = new() { [NoiseTerm.Thermal] = 0.04, [NoiseTerm.Weight] = 0.06 } };

    [Fact]
    public async Task RunAsync_LargestRepeatLeavesTooLittleDither_IsADeadZone()
    {
        // 0.64 of noise is 5.1 steps of 0.125; a sixteenth of it, 0.32 steps.
        CalibrationException error = await Assert.ThrowsAsync<CalibrationException>(() => Run(256));
        output.WriteLine(error.Message);
        Assert.Equal(CalibrationFault.DeadZone, error.Fault);
        Assert.Contains("256 accumulations", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_DitheredAtEveryRepeat_KeepsTheConversionInTheLaw()
    {
        // The conversion's q^2 / 12 = 0.0013 against thermal noise of 0.41 / 64 = 0.0064 at K = 64.
        CalibrationResult result = await Run(64);
        NoiseTermEstimate thermal = result.Profile.Terms[0];
        double perSquare = thermal.Sigma.Value * thermal.Sigma.Value * 256;
        double conversion = 0.125 * 0.125 / 12;
        output.WriteLine($"{thermal.Averaging}; floor {result.AveragingFit.V0}, lack of fit {result.AveragingFit.LackOfFit}");
        Assert.Equal(conversion, thermal.Averaging.V0 * perSquare, 0.03 * conversion);
        Assert.Equal(perSquare, (thermal.Averaging.V0 + thermal.Averaging.V1) * perSquare, 1e-9);

        // Without signal the model's thermal and converter parts at K = 64 are what is there. Seed 5: the interval of sigma is 5 %, the band 10 %.
        double model = thermal.Averaging.Factor(64) * perSquare + conversion / 64;
        Assert.Equal(0.04 * 0.04 * 256 / 64 + conversion, model, 0.1 * model);
        Assert.False(result.AveragingFit.FloorPresent);
        Assert.Empty(result.Warnings);
    }

    private static Task<CalibrationResult> Run(int most)
    {
        DeviceCapabilities device = FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight);
        device = device with { MaxRepeats = device.MaxRepeats.Add(RedundancyMode.AccumulateThenRead, most) };
        CalibrationOptions options = QuickOptions.Create(1) with { Mode = RedundancyMode.AccumulateThenRead, AveragingRepeats = [1, 4, 16, 64] };
        return new Calibrator(new GaussianDevice(device, Truth, seed: 5), options, new DiscardingArchive()).RunAsync(null, default);
    }
}
