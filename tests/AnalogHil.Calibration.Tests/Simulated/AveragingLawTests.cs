using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Results;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Simulated;

public sealed class AveragingLawTests(ITestOutputHelper output)
{
    private const int Runs = 60;

    [Theory]
    [InlineData(DeviceArchitecture.Crossbar, 0.05)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight, 0.3)]
    public async Task RunAsync_SlowWeightNoise_FloorIsCoveredAndGivenToTheWeights(DeviceArchitecture architecture, double slow)
    {
        // Two 99 % bands: false alarm 2 %.
        const int seed = 3000;
        int v0 = 0;
        int v1 = 0;
        var floors = new List<double>();
        for (int i = 0; i < Runs; i++)
        {
            await using SimulatedDevice device = await RandomBench.OpenAsync(architecture, seed + i, slow: slow);
            CalibrationResult result = await RunAsync(device);
            DesignPointSummary full = result.Diagnostics.Design[^1];
            double total = 0;
            double floor = 0;
            for (int j = 0; j < result.Profile.Terms.Length; j++)
            {
                SimulatedTerm truth = device.Truth.Terms[result.Profile.Terms[j].Term];
                total += full.Regressors[j] * truth.Sigma * truth.Sigma;
                floor += full.Regressors[j] * truth.Sigma * truth.Sigma * truth.FloorFraction;
            }

            Assert.True(result.AveragingFit.FloorPresent);
            v0 += result.AveragingFit.V0.Interval.Contains(floor) ? 1 : 0;
            v1 += result.AveragingFit.V1.Interval.Contains(total - floor) ? 1 : 0;
            floors.Add(result.Profile.Terms.Single(term => term.Term == NoiseTerm.Weight).Averaging.V0);
        }

        (int low, int high) = BinomialBand.TwoSided(Runs, 0.95, 0.99);
        output.WriteLine($"{architecture}: v0 {v0}, v1 {v1} of {Runs} cover (band {low} .. {high}); weight floor {floors.Average():F4} on average, truth {slow}; seeds {seed} ..");
        Assert.InRange(v0, low, high);
        Assert.InRange(v1, low, high);
        Assert.Equal(slow, floors.Average(), 0.15 * slow);
    }

    [Fact]
    public async Task RunAsync_WhiteNoise_ClaimsAFloorInFewRuns()
    {
        // 1 % level each, 60 runs: more than 4 claims in 0.03 % of seeds.
        const int seed = 4000;
        int claims = 0;
        for (int i = 0; i < Runs; i++)
        {
            await using SimulatedDevice device = await RandomBench.OpenAsync(DeviceArchitecture.Homodyne, seed + i);
            CalibrationResult result = await RunAsync(device);
            claims += result.AveragingFit.FloorPresent ? 1 : 0;
        }

        output.WriteLine($"{claims} of {Runs} claim a floor, seeds {seed} ..");
        Assert.InRange(claims, 0, 4);
    }

    private static Task<CalibrationResult> RunAsync(SimulatedDevice device) => new Calibrator(
        device,
        QuickOptions.Create(1) with { AveragingRepeats = [1, 4, 16, 64], AveragingSamples = 8192 },
        new DiscardingArchive()).RunAsync(null, default);
}
