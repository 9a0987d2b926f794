using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Results;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Simulated;

/// <summary>
/// Does a 95 % interval hold the truth 95 % of the time, and is it as narrow as the reads allow? Truths and seeds are drawn anew for each
/// calibration, the stop is the sequential one of every day. False alarms: 1 % per present term and run, seven of them; a term that the physics
/// does not have may be claimed in 1 % of the calibrations, judged at one in ten thousand.
/// </summary>
public sealed class CoverageTests(ITestOutputHelper output)
{
    private const int FirstSeed = 20260;

    [Theory]
    [InlineData(DeviceArchitecture.Crossbar)]
    [InlineData(DeviceArchitecture.Homodyne)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight)]
    public Task RunAsync_SixtyDevices_IntervalsCoverTheTruth(DeviceArchitecture architecture) => CoverAsync(architecture, 60, Seeds(architecture));

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(DeviceArchitecture.Crossbar)]
    [InlineData(DeviceArchitecture.Homodyne)]
    [InlineData(DeviceArchitecture.BroadcastAndWeight)]
    public Task RunAsync_FourHundredDevices_IntervalsCoverTheTruth(DeviceArchitecture architecture) => CoverAsync(architecture, 400, Seeds(architecture) + 1000);

    // Apart, so that no two runs share a draw.
    private static int Seeds(DeviceArchitecture architecture) => FirstSeed + 100_000 * (int)architecture;

    private async Task CoverAsync(DeviceArchitecture architecture, int count, int seed)
    {
        var covered = new Dictionary<NoiseTerm, int>();
        var ratios = new Dictionary<NoiseTerm, List<double>>();
        var claimed = new Dictionary<NoiseTerm, int>();
        double reads = 0;
        int unlike = 0;
        for (int i = 0; i < count; i++)
        {
            await using SimulatedDevice device = await RandomBench.OpenAsync(architecture, seed + i);
            var options = new CalibrationOptions { Seed = (ulong)i, OffsetReads = 256, GainReads = 1024, AveragingRepeats = [1], AveragingSamples = 256 };
            CalibrationResult result = await new Calibrator(device, options, new DiscardingArchive()).RunAsync(null, default);
            double[] bound = CramerRaoWidths(result, device.Truth);
            for (int j = 0; j < bound.Length; j++)
            {
                NoiseTermEstimate term = result.Profile.Terms[j];
                if (device.Truth.Terms[term.Term].Sigma == 0)
                {
                    claimed[term.Term] = claimed.GetValueOrDefault(term.Term) + (term.Present ? 1 : 0);
                    continue;
                }

                Assert.True(term.Present, $"seed {seed + i}: {term}");
                covered[term.Term] = covered.GetValueOrDefault(term.Term) + (term.Sigma.Interval.Contains(device.Truth.Terms[term.Term].Sigma) ? 1 : 0);
                (ratios.TryGetValue(term.Term, out List<double>? list) ? list : ratios[term.Term] = []).Add(term.Sigma.Interval.Width / bound[j]);
                Assert.True(term.Sigma.RelativeHalfWidth <= options.RelativeHalfWidth, $"seed {seed + i}: stopped early, {term}");
            }

            unlike += result.Diagnostics.Tiles.Probability < 0.01 ? 1 : 0;
            reads += result.Diagnostics.Design.Sum(point => point.Reads) / (double)count;
        }

        (int low, int high) = BinomialBand.TwoSided(count, 0.95, 0.99);
        var failures = new List<string>();
        foreach ((NoiseTerm term, int hits) in covered)
        {
            double median = ratios[term].Order().ElementAt(count / 2);
            failures.AddRange(hits < low || hits > high ? [$"{term}: {hits} of {count} cover, {low} .. {high} expected"] : []);
            failures.AddRange(median > 1.15 ? [$"{term}: median width is {median} of the Cramer-Rao width"] : []);
            output.WriteLine(
                $"{architecture} {term}: {hits} of {count} cover ({100.0 * hits / count:F1} %; 99 % band {low} .. {high}), median width {median:F3} of Cramer-Rao, "
                + $"{reads:F0} sigma reads on average, seeds {seed} .. {seed + count - 1}");
        }

        foreach ((NoiseTerm term, int claims) in claimed)
        {
            int most = BinomialBand.TwoSided(count, 0.01, 0.9998).High;
            failures.AddRange(claims > most ? [$"{term}: claimed in {claims} of {count} calibrations of devices without it, at most {most} expected"] : []);
            output.WriteLine($"{architecture} {term}: absent, claimed in {claims} of {count}");
        }

        // Equal tiles are called unlike at the 1 % level; more than this in one of ten thousand suites.
        int mostUnlike = BinomialBand.TwoSided(count, 0.01, 0.9998).High;
        output.WriteLine($"{architecture}: tiles called unlike in {unlike} of {count}, at most {mostUnlike} expected");
        failures.AddRange(unlike > mostUnlike ? [$"tiles called unlike in {unlike} of {count}, at most {mostUnlike} expected"] : []);
        Assert.Empty(failures);
    }

    /// <summary>Widths of 95 % intervals for sigma if the reads at each point were used to the last bit, means known: from the truth, not from the
    /// estimates.</summary>
    private static double[] CramerRaoWidths(CalibrationResult result, SimulatedTruth truth)
    {
        NoiseTerm[] terms = [.. result.Profile.Terms.Select(term => term.Term)];
        double[,] information = new double[terms.Length, terms.Length];
        double step = result.Profile.FullScale.QuantiserStep;
        foreach (DesignPointSummary point in result.Diagnostics.Design)
        {
            double v = step * step / 12;
            for (int j = 0; j < terms.Length; j++)
            {
                v += point.Regressors[j] * Square(truth.Terms[terms[j]].Sigma);
            }

            for (int j = 0; j < terms.Length; j++)
            {
                for (int k = 0; k < terms.Length; k++)
                {
                    information[j, k] += point.Reads / (2 * v * v) * point.Regressors[j] * point.Regressors[k];
                }
            }
        }

        double[,] covariance = SymmetricSolver.Inverse(information);
        return [.. terms.Select((term, j) => 2 * 1.959964 * Math.Sqrt(covariance[j, j]) / (2 * truth.Terms[term].Sigma))];
    }

    private static double Square(double value) => value * value;
}
