using System.Runtime.CompilerServices;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Results;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Simulated;

/// <summary>The benches that come with the program, through the driver contract and the guard, on a few of their tiles.</summary>
public sealed class BenchTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("crossbar", "Thermal,Weight")]
    [InlineData("crossbar-weight", "Thermal,Weight")]
    [InlineData("crossbar-floor", "Thermal,Weight")]
    [InlineData("homodyne", "Thermal,ShotBalanced")]
    [InlineData("broadcast-and-weight", "Thermal,Weight,ShotDirect")]
    [InlineData("faulty", "Thermal,Weight")]
    [InlineData("ideal", "")]
    public async Task RunAsync_BenchOfTheRepository_FindsItsTermsToTheTarget(string name, string expected)
    {
        Bench bench = Bench.Load(Path.Combine(Root(), "config", "benches", name + ".json"));
        await using IAnalogDevice device = await bench.OpenAsync(TimeProvider.System);
        await device.ArmAsync(1, default);
        CalibrationOptions options = new() { Seed = 1, Tiles = [0, 1], OffsetReads = 1024, GainReads = 1024, AveragingSamples = 16384 };
        CalibrationResult result = await new Calibrator(device, options, new DiscardingArchive()).RunAsync(null, default);
        foreach (NoiseTermEstimate term in result.Profile.Terms)
        {
            output.WriteLine($"{name} {term.Term}: {term.Sigma.Value:G5} [{term.Sigma.Interval.Low:G5}, {term.Sigma.Interval.High:G5}], n {term.Sigma.N}, v0 {term.Averaging.V0:F4}");
            Assert.True(!term.Present || term.Sigma.RelativeHalfWidth <= 0.05);
        }

        output.WriteLine($"{name}: {result.Reads} reads, drive {result.Diagnostics.Design[^1].InputAmplitude:F3}, dither {result.Diagnostics.DitherSteps:F2}, kurtosis {result.Diagnostics.ExcessKurtosis:F3}; {string.Join("; ", result.Warnings)}");
        Assert.Equal(expected, string.Join(',', result.Profile.Terms.Where(term => term.Present).Select(term => term.Term)));
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("crossbar")]
    [InlineData("crossbar-weight")]
    [InlineData("crossbar-floor")]
    [InlineData("homodyne")]
    [InlineData("broadcast-and-weight")]
    public async Task RunAsync_DefaultOptionsOnEightTiles_MeetsTheTargetWithoutComplaint(string name)
    {
        Bench bench = Bench.Load(Path.Combine(Root(), "config", "benches", name + ".json"));
        await using IAnalogDevice device = await bench.OpenAsync(TimeProvider.System);
        await device.ArmAsync(1, default);
        long start = TimeProvider.System.GetTimestamp();
        CalibrationResult result = await new Calibrator(
            device, new CalibrationOptions { Seed = 2, Tiles = [0, 1, 2, 3, 4, 5, 6, 7] }, new DiscardingArchive()).RunAsync(null, default);
        output.WriteLine(
            $"{name}: {result.Reads:N0} reads, {result.Profile.Terms[0].Sigma.N:N0} of them for sigma, {TimeProvider.System.GetElapsedTime(start).TotalSeconds:F1} s, {result.Diagnostics.Tiles}; "
            + string.Join("; ", result.Warnings));
        Assert.All(result.Profile.Terms.Where(term => term.Present), term => Assert.InRange(term.Sigma.RelativeHalfWidth, 0, 0.05));
    }

    private static string Root([CallerFilePath] string here = "")
    {
        string folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "AnalogHil.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
