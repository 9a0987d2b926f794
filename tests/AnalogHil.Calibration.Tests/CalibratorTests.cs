using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Results;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests;

public sealed class CalibratorTests(ITestOutputHelper output)
{
    private static readonly NoiseTerm[] Three = [NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced];

    private static readonly GaussianTruth ThreeTerms = new()
    {
        Sigma = new() { [NoiseTerm.Thermal] = 0.04, [NoiseTerm.Weight] = 0.06, [NoiseTerm.ShotBalanced] = 0.2 },
    };

    [Fact]
    public async Task RunAsync_ThreeTerms_FindsSigmas()
    {
        // 0.15 of a sigma known to 2.5 % is six standard deviations: false alarms below 1e-8.
        CalibrationResult result = await Run(new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 4));
        foreach (NoiseTermEstimate term in result.Profile.Terms)
        {
            output.WriteLine($"{term.Term}: {term.Sigma.Value:F4} [{term.Sigma.Interval.Low:F4}, {term.Sigma.Interval.High:F4}], n {term.Sigma.N}, truth {ThreeTerms.Sigma[term.Term]}, seed 4");
            Assert.True(term.Present);
            Assert.InRange(term.Sigma.RelativeHalfWidth, 0, 0.05);
            Assert.Equal(ThreeTerms.Sigma[term.Term], term.Sigma.Value, ThreeTerms.Sigma[term.Term] * 0.15);
        }

        Assert.Empty(result.Warnings);
        Assert.InRange(result.Diagnostics.ConditionNumber, 1, 5);
    }

    [Fact]
    public async Task RunAsync_GainsAndOffsets_AreFoundWithinTheirStandardErrors()
    {
        var device = new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms with { GainSpread = 0.05, OffsetSpread = 1 }, seed: 5);
        CalibrationResult result = await Run(device);
        double gain = 0;
        double offset = 0;
        int columns = device.Capabilities.Tiles * device.Capabilities.Columns;
        for (int tile = 0; tile < device.Capabilities.Tiles; tile++)
        {
            for (int c = 0; c < device.Capabilities.Columns; c++)
            {
                gain += Math.Pow(result.Correction.Gain[tile][c] - device.Gain[tile][c], 2) / columns;
                offset += Math.Pow(result.Correction.Offset[tile][c] - device.Offset[tile][c], 2) / columns;
            }
        }

        // 16 columns: the root mean square of the errors is within a factor of 0.4 .. 1.8 of its expectation but for about one seed in 10 000.
        output.WriteLine($"gain error {Math.Sqrt(gain):F5}, stated {result.Diagnostics.GainStandardError:F5}; offset error {Math.Sqrt(offset):F5}, stated {result.Diagnostics.OffsetStandardError:F5}; seed 5");
        Assert.InRange(Math.Sqrt(gain) / result.Diagnostics.GainStandardError, 0.4, 1.8);
        Assert.InRange(Math.Sqrt(offset) / result.Diagnostics.OffsetStandardError, 0.4, 1.8);
        Assert.InRange(result.Diagnostics.OffsetStandardError, 0.7 * Math.Sqrt(0.41 / 256), 1.4 * Math.Sqrt(0.41 / 256));
    }

    [Fact]
    public async Task RunAsync_ReadsToTheTarget_AndNoFurtherThanARound()
    {
        foreach (double target in (double[])[0.1, 0.05, 0.02])
        {
            CalibrationResult result = await Run(
                new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 6), QuickOptions.Create(1) with { RelativeHalfWidth = target });
            double worst = result.Profile.Terms.Max(term => term.Sigma.RelativeHalfWidth);
            SigmaHistoryPoint[] before = [.. result.History.SkipLast(3).TakeLast(3)];
            output.WriteLine($"target {target}: worst {worst:F4} after {result.Profile.Terms[0].Sigma.N} reads, looks {result.History.Length / 3}, seed 6");
            Assert.InRange(worst, 0.6 * target, target);
            Assert.Contains(before, point => point.Value == 0 || (point.High - point.Low) / 2 > target * point.Value);
        }
    }

    [Fact]
    public async Task RunAsync_AbsentTerm_GetsAnUpperLimitBelowItsShare()
    {
        GaussianTruth truth = ThreeTerms with { Sigma = new() { [NoiseTerm.Thermal] = 0.04, [NoiseTerm.ShotBalanced] = 0.2 } };
        CalibrationResult result = await Run(new GaussianDevice(FakeCapabilities.Small(Three), truth, seed: 7));
        NoiseTermEstimate weight = result.Profile.Terms.Single(term => term.Term == NoiseTerm.Weight);
        DesignPointSummary full = result.Diagnostics.Design[^1];
        double share = weight.Sigma.Interval.High * weight.Sigma.Interval.High * full.Regressors[1] / full.Variance;
        output.WriteLine($"weight: {weight}, share up to {share:P2}, seed 7");
        Assert.False(weight.Present);
        Assert.Equal(0, weight.Sigma.Value);
        Assert.Equal(0, weight.Sigma.Interval.Low);
        Assert.InRange(share, 1e-6, 0.022);
        Assert.All(result.Profile.Terms.Where(term => term.Term != NoiseTerm.Weight), term => Assert.True(term.Present));
    }

    [Fact]
    public async Task RunAsync_ThermalSmallAtTheFullCorner_IsStillReadToTheTarget()
    {
        // Thermal noise makes 1 % of the variance at the full corner and all of it in the dark.
        var truth = new GaussianTruth { Sigma = new() { [NoiseTerm.Thermal] = 0.007, [NoiseTerm.Weight] = 0.13 } };
        CalibrationResult result = await Run(new GaussianDevice(FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight), truth, seed: 18));
        output.WriteLine($"{result.Profile.Terms[0]}, seed 18");
        Assert.InRange(result.Profile.Terms[0].Sigma.RelativeHalfWidth, 0, 0.05);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task RunAsync_PresentTermBelowItsShare_StopsWithAWarning()
    {
        // Weight noise makes 20 % of the variance; the share at which reading stops is set above it.
        var truth = new GaussianTruth { Sigma = new() { [NoiseTerm.Thermal] = 0.04, [NoiseTerm.Weight] = 0.04 } };
        CalibrationResult result = await Run(
            new GaussianDevice(FakeCapabilities.Small(NoiseTerm.Thermal, NoiseTerm.Weight), truth, seed: 19), QuickOptions.Create(1) with { AbsentShare = 0.3 });
        output.WriteLine($"{result.Profile.Terms[1]}; {string.Join("; ", result.Warnings)}, seed 19");
        Assert.True(result.Profile.Terms[1].Present);
        Assert.InRange(result.Profile.Terms[1].Sigma.RelativeHalfWidth, 0.05, 1);
        Assert.Contains(result.Warnings, warning => warning.Contains("lower AbsentShare", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_MostReadsReached_SaysWhichTermFellShort()
    {
        CalibrationResult result = await Run(
            new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 8), QuickOptions.Create(1) with { MaxReads = 3000, RelativeHalfWidth = 0.02 });
        Assert.Contains(result.Warnings, warning => warning.Contains("Weight", StringComparison.Ordinal) && warning.Contains("MaxReads", StringComparison.Ordinal));
        Assert.InRange(result.Profile.Terms[0].Sigma.N, 1, 3000);
    }

    [Fact]
    public async Task RunAsync_FloorInOneTerm_IsGivenToThatTerm()
    {
        GaussianTruth truth = ThreeTerms with { Floor = new() { [NoiseTerm.Weight] = 0.2 } };
        CalibrationResult result = await Run(
            new GaussianDevice(FakeCapabilities.Small(Three), truth, seed: 9),
            QuickOptions.Create(1) with { AveragingRepeats = [1, 4, 16, 64], AveragingSamples = 16384 });
        double expected = 0.2 * 0.06 * 0.06 * 4 * 16;
        output.WriteLine($"floor {result.AveragingFit.V0}, expected {expected:F4}; weight {result.Profile.Terms[1].Averaging}; seed 9");
        Assert.True(result.AveragingFit.FloorPresent);
        Assert.Equal(expected, result.AveragingFit.V0.Value, 4 * result.AveragingFit.V0.Interval.HalfWidth / 1.96);
        Assert.Equal(0.2, result.Profile.Terms[1].Averaging.V0, 0.03);
        Assert.Equal(1, result.Profile.Terms[1].Averaging.Variance(1), 1e-9);
        Assert.Equal(0, result.Profile.Terms[0].Averaging.V0);
        Assert.Equal(0, result.Profile.Terms[2].Averaging.V0);
        Assert.Equal([1, 4, 16, 64], result.Averaging.Select(point => point.K));
    }

    [Fact]
    public async Task RunAsync_AnyEnd_LeavesNoRepeats()
    {
        var device = new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 10);
        await Run(device);
        Assert.Empty(device.Active.Blocks);
    }

    [Fact]
    public async Task RunAsync_Progress_NeverFallsAndEndsAtOne()
    {
        var seen = new ListProgress();
        var calibrator = new Calibrator(new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 11), QuickOptions.Create(1), new DiscardingArchive());
        await calibrator.RunAsync(seen, default);
        Assert.Equal(["offset", "gain", "sigma", "averaging"], seen.Reports.Select(report => report.Phase).Distinct());
        Assert.Equal(seen.Reports.Select(report => report.Fraction).Order(), seen.Reports.Select(report => report.Fraction));
        Assert.Equal(1, seen.Reports[^1].Fraction, 1e-9);
        Assert.Equal(3, seen.Reports[^1].Terms.Length);
    }

    [Fact]
    public async Task RunAsync_Archive_HoldsTheReadsBehindSigma()
    {
        var archive = new MemoryReadArchive();
        var calibrator = new Calibrator(new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 12), QuickOptions.Create(1), archive);
        CalibrationResult result = await calibrator.RunAsync(null, default);
        Assert.Contains("sigma-dark", archive.Names);
        Assert.Contains("averaging-full-k16", archive.Names);
        Assert.Equal(result.Diagnostics.Design[0].Reads, archive.Read("sigma-dark").Reads.Length);
    }

    [Fact]
    public async Task RunAsync_TwoRunsOnEqualDevices_AgreeToTheBit()
    {
        CalibrationResult first = await Run(new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 13));
        CalibrationResult second = await Run(new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 13));
        Assert.Equal(first.Profile.Terms.Select(term => term.Sigma), second.Profile.Terms.Select(term => term.Sigma));
        Assert.Equal(first.Correction.Gain[1], second.Correction.Gain[1]);
    }

    [Fact]
    public async Task RunAsync_SilentDevice_SaysSo()
    {
        DeviceCapabilities ideal = FakeCapabilities.Small(Three) with { AdcBits = 0 };
        CalibrationResult result = await Run(new GaussianDevice(ideal, new GaussianTruth { WeightError = 0 }, seed: 14));
        Assert.All(result.Profile.Terms, term => Assert.False(term.Present));
        Assert.All(result.Profile.Terms, term => Assert.Equal(0, term.Sigma.Interval.High));
        Assert.Contains(result.Warnings, warning => warning.Contains("no noise", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_ChosenTiles_LeavesTheOthersAlone()
    {
        CalibrationResult result = await Run(
            new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 15), QuickOptions.Create(1) with { Tiles = [1] });
        Assert.All(result.Correction.Gain[0], gain => Assert.Equal(1, gain));
        Assert.All(result.Correction.Offset[0], offset => Assert.Equal(0, offset));
        Assert.All(result.Correction.Offset[1], offset => Assert.NotEqual(0, offset));
    }

    [Fact]
    public async Task RunAsync_LargestRepeatsOfTheDevice_LimitTheLaw()
    {
        DeviceCapabilities few = FakeCapabilities.Small(Three);
        few = few with { MaxRepeats = few.MaxRepeats.SetItem(RedundancyMode.ReadAndAverage, 4) };
        CalibrationResult result = await Run(new GaussianDevice(few, ThreeTerms, seed: 16));
        Assert.Equal([1, 4], result.Averaging.Select(point => point.K));
    }

    [Fact]
    public async Task RunAsync_DriftingDevice_IsNoticed()
    {
        CalibrationResult result = await Run(new GaussianDevice(FakeCapabilities.Small(Three) with { AdcFullScale = 2000, AdcBits = 16 }, ThreeTerms with { Drift = 0.03 }, seed: 17));
        output.WriteLine($"von Neumann ratio {result.Diagnostics.VonNeumannRatio:F3}, score {result.Diagnostics.VonNeumannScore:F1}");
        Assert.Contains(result.Warnings, warning => warning.Contains("von Neumann", StringComparison.Ordinal));
    }

    private static Task<CalibrationResult> Run(GaussianDevice device, CalibrationOptions? options = null) =>
        new Calibrator(device, options ?? QuickOptions.Create(1), new DiscardingArchive()).RunAsync(null, default);

    private sealed class ListProgress : IProgress<CalibrationProgress>
    {
        public List<CalibrationProgress> Reports { get; } = [];

        public void Report(CalibrationProgress value) => Reports.Add(value);
    }
}
