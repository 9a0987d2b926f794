using AnalogHil.Core.Numerics;
using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Numerics;

/// <summary>
/// Numbers that a network uses side by side are independent: neighbouring layers, samples, positions, channels, seeds and keys, and the two numbers that one
/// Box-Muller transform makes; and averages of many have the spread that independence promises.
/// </summary>
/// <remarks>
/// Seeds are fixed; with a seed drawn afresh each single check raises a false alarm with probability about 1E-6 (two-sided z beyond 4.89, chi-square p
/// below 1E-6). Three checks for each of ten neighbourhoods and four kinds of averages: 4E-5 for a size, 8E-5 for the class.
/// </remarks>
public sealed class GaussianIndependenceTests(ITestOutputHelper output)
{
    private const double ScoreLimit = 4.89;
    private const double SmallestPValue = 1E-6;
    private const ulong Layers = 54;
    private const int RunLength = 192;

    private delegate void Drawer(ulong seed, ulong run, Span<float> left, Span<float> right);

    private static readonly Dictionary<string, Drawer> Neighbourhoods = new()
    {
        ["layers"] = (seed, run, a, b) =>
        {
            (ulong sample, ulong layer) = Math.DivRem(run, Layers / 2);
            GaussianGenerator.Fill(GaussianKey.Derive(seed, 2 * layer, sample), 0, a);
            GaussianGenerator.Fill(GaussianKey.Derive(seed, 2 * layer + 1, sample), 0, b);
        },
        ["samples"] = (seed, run, a, b) =>
        {
            GaussianGenerator.Fill(GaussianKey.Derive(seed, 5, 2 * run), 0, a);
            GaussianGenerator.Fill(GaussianKey.Derive(seed, 5, 2 * run + 1), 0, b);
        },
        ["layer and sample swapped"] = (seed, run, a, b) =>
        {
            GaussianGenerator.Fill(GaussianKey.Derive(seed, run, run + 1), 0, a);
            GaussianGenerator.Fill(GaussianKey.Derive(seed, run + 1, run), 0, b);
        },
        ["positions of 24 channels"] = (seed, run, a, b) => Alternate(seed, run, 24, a, b),
        ["positions of 64 channels"] = (seed, run, a, b) => Alternate(seed, run, 64, a, b),
        ["channels"] = (seed, run, a, b) => Alternate(seed, run, 1, a, b),
        ["Box-Muller partners"] = (seed, run, a, b) => Alternate(seed, run, 8, a, b),
        ["seeds"] = (seed, run, a, b) =>
        {
            GaussianGenerator.Fill(GaussianKey.Derive((seed << 32) + 2 * run, 3, 4), 0, a);
            GaussianGenerator.Fill(GaussianKey.Derive((seed << 32) + 2 * run + 1, 3, 4), 0, b);
        },
        ["keys, lower word"] = (seed, run, a, b) =>
        {
            GaussianGenerator.Fill(new GaussianKey((seed << 48) + 2 * run), 0, a);
            GaussianGenerator.Fill(new GaussianKey((seed << 48) + 2 * run + 1), 0, b);
        },
        ["keys, upper word"] = (seed, run, a, b) =>
        {
            GaussianGenerator.Fill(new GaussianKey(seed + (2 * run << 32)), 0, a);
            GaussianGenerator.Fill(new GaussianKey(seed + (2 * run + 1 << 32)), 0, b);
        },
    };

    [Fact]
    public void Fill_SideBySide_IsIndependent() => CheckPairs(seed: 21, runs: 2_500);

    [Fact]
    [Trait("Category", "Long")]
    public void Fill_VeryManySideBySide_IsIndependent() => CheckPairs(seed: 22, runs: 525_000);

    [Fact]
    public void Fill_Averages_SpreadAsIndependentNumbers() => CheckAverages(seed: 23, averages: 20_000);

    [Fact]
    [Trait("Category", "Long")]
    public void Fill_VeryManyAverages_SpreadAsIndependentNumbers() => CheckAverages(seed: 24, averages: 1_000_000);

    private void CheckPairs(ulong seed, int runs)
    {
        float[] left = new float[RunLength];
        float[] right = new float[RunLength];
        foreach ((string name, Drawer draw) in Neighbourhoods)
        {
            var pairs = new PairStatistics();
            for (int run = 0; run < runs; run++)
            {
                draw(seed, (ulong)run, left, right);
                pairs.Add(left, right);
            }

            output.WriteLine(
                $"seed {seed}, {name}: {pairs.Count} pairs, z = {pairs.Correlation:F2}, of squares {pairs.SquareCorrelation:F2}, table p = {pairs.TableP:G3}");
            Assert.InRange(pairs.Correlation, -ScoreLimit, ScoreLimit);
            Assert.InRange(pairs.SquareCorrelation, -ScoreLimit, ScoreLimit);
            Assert.InRange(pairs.TableP, SmallestPValue, 1);
        }
    }

    // What averaging K = 64 reads is worth: the sum of 64 numbers has variance 64.
    private void CheckAverages(ulong seed, int averages)
    {
        const int K = 64;
        var kinds = new Dictionary<string, Func<ulong, ulong, (GaussianKey Key, ulong Start)>>
        {
            ["positions of 16 channels"] = (i, k) => (GaussianKey.Derive(seed, 0, i), k * 16),
            ["layers"] = (i, k) => (GaussianKey.Derive(seed, k, i), 0),
            ["samples"] = (i, k) => (GaussianKey.Derive(seed, 9, i * K + k), 0),
            ["neighbouring keys"] = (i, k) => (new GaussianKey((seed << 48) + i * K + k), 0),
        };
        float[] numbers = new float[16];
        double[] sums = new double[16];
        foreach ((string name, Func<ulong, ulong, (GaussianKey Key, ulong Start)> at) in kinds)
        {
            double squares = 0;
            for (int i = 0; i < averages / 16; i++)
            {
                Array.Clear(sums);
                for (ulong k = 0; k < K; k++)
                {
                    (GaussianKey key, ulong start) = at((ulong)i, k);
                    GaussianGenerator.Fill(key, start, numbers);
                    for (int c = 0; c < 16; c++)
                    {
                        sums[c] += numbers[c];
                    }
                }

                squares += sums.Sum(sum => sum * sum / K - 1);
            }

            double z = squares / Math.Sqrt(2.0 * (averages / 16 * 16));
            output.WriteLine($"seed {seed}, averages of {K} over {name}: {averages / 16 * 16} averages, z of their variance = {z:F2}");
            Assert.InRange(z, -ScoreLimit, ScoreLimit);
        }
    }

    // Stretches of the given length go to the left and to the right in turn; RunLength is a multiple of each.
    private static void Alternate(ulong seed, ulong run, int length, Span<float> left, Span<float> right)
    {
        ulong start = run * 2 * RunLength;
        GaussianKey key = GaussianKey.Derive(seed, (ulong)length);
        Span<float> both = stackalloc float[2 * RunLength];
        GaussianGenerator.Fill(key, start, both);
        for (int i = 0; i < RunLength; i += length)
        {
            both.Slice(2 * i, length).CopyTo(left[i..]);
            both.Slice(2 * i + length, length).CopyTo(right[i..]);
        }
    }
}
