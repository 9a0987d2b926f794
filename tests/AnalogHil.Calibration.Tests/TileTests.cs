using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Results;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests;

/// <summary>Sigma speaks for all tiles alike, and says when they are not alike.</summary>
public sealed class TileTests(ITestOutputHelper output)
{
    private static readonly NoiseTerm[] Three = [NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced];

    private static readonly GaussianTruth Truth = new()
    {
        Sigma = new() { [NoiseTerm.Thermal] = 0.04, [NoiseTerm.Weight] = 0.06, [NoiseTerm.ShotBalanced] = 0.2 },
    };

    [Fact]
    public async Task RunAsync_ThreeOfFiveTilesNoisier_GivesTheTilesAverageAndWarns()
    {
        // Variance 1, 1, 1.1664 x 3: sigma 1.0487 of nominal. The interval is 5 half-widths of 95 % here, ten standard deviations.
        GaussianTruth truth = Truth with { TileNoise = [1, 1, 1.08, 1.08, 1.08] };
        var device = new GaussianDevice(FakeCapabilities.Small(Three) with { Tiles = 5 }, truth, seed: 21);
        CalibrationResult result = await Run(device, QuickOptions.Create(1) with { RelativeHalfWidth = 0.01 });
        double average = Math.Sqrt((2 + 3 * 1.08 * 1.08) / 5);
        foreach (NoiseTermEstimate term in result.Profile.Terms)
        {
            output.WriteLine($"{term.Term}: {term.Sigma.Value / Truth.Sigma[term.Term]:F4} of nominal, average {average:F4}, half-width {term.Sigma.RelativeHalfWidth:P2}, seed 21");
            Assert.Equal(average, term.Sigma.Value / Truth.Sigma[term.Term], 0.02);
        }

        TileSpread tiles = result.Diagnostics.Tiles;
        output.WriteLine($"{tiles}; {string.Join("; ", result.Warnings)}");
        Assert.InRange(tiles.Probability, 0, 1e-6);
        Assert.InRange(tiles.WorstTile, 2, 4);
        Assert.InRange(tiles.WorstRatio, 1.02, 1.04);
        Assert.Contains(result.Warnings, warning => warning.Contains($"tile {tiles.WorstTile} is the noisiest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_VeryUnlikeTiles_KeepTheRatioOfTheTerms()
    {
        // Differences between points read on unlike tiles would show as terms that are too strong or absent.
        GaussianTruth truth = Truth with { TileNoise = [0.5, 1, 1.5, 0.7, 1.3, 0.9, 1.1] };
        double average = Math.Sqrt(truth.TileNoise.Average(noise => noise * noise));
        CalibrationResult result = await Run(
            new GaussianDevice(FakeCapabilities.Small(Three) with { Tiles = 7 }, truth, seed: 22), QuickOptions.Create(1) with { RelativeHalfWidth = 0.02 });
        foreach (NoiseTermEstimate term in result.Profile.Terms)
        {
            output.WriteLine($"{term.Term}: {term.Sigma.Value / Truth.Sigma[term.Term]:F4} of nominal, average {average:F4}, half-width {term.Sigma.RelativeHalfWidth:P2}, seed 22");
            Assert.Equal(average, term.Sigma.Value / Truth.Sigma[term.Term], 0.06);
        }
    }

    [Fact]
    public async Task RunAsync_MoreTilesThanCalls_ReadsAllOfThemAlike()
    {
        var device = new GaussianDevice(FakeCapabilities.Small(Three) with { Tiles = 40 }, Truth, seed: 23);
        CalibrationResult result = await Run(device, QuickOptions.Create(1) with { AveragingSamples = 256 });
        output.WriteLine($"vectors at K = 1: {device.SingleReads.Values.Min()} to {device.SingleReads.Values.Max()}; {result.Diagnostics.Tiles}");
        Assert.Equal(40, device.SingleReads.Count);
        Assert.InRange(device.SingleReads.Where(pair => pair.Key > 0).Max(pair => pair.Value), 1, 1.25 * device.SingleReads.Values.Min());
        Assert.Equal(3 * 39, result.Diagnostics.Tiles.DegreesOfFreedom);
    }

    [Fact]
    public async Task RunAsync_ReadsForAFewTilesOnly_WalksOverTheTiles()
    {
        // 40 tiles x 4 vectors x 8 columns x 3 points would be 3840 reads; 3000 are allowed, so a round reads 16 tiles.
        var device = new GaussianDevice(FakeCapabilities.Small(Three) with { Tiles = 40 }, Truth, seed: 24);
        CalibrationResult result = await Run(device, QuickOptions.Create(1) with { MaxReads = 3000, AveragingSamples = 256, AveragingRepeats = [1] });
        output.WriteLine($"{result.Profile.Terms[0].Sigma.N} reads, {result.Diagnostics.Tiles}");
        Assert.InRange(result.Profile.Terms[0].Sigma.N, 1, 3000);
        Assert.True(result.Diagnostics.Tiles.DegreesOfFreedom > 3 * 15, "the second round read the tiles of the first");
    }

    private static Task<CalibrationResult> Run(GaussianDevice device, CalibrationOptions options) =>
        new Calibrator(device, options, new DiscardingArchive()).RunAsync(null, default);
}
