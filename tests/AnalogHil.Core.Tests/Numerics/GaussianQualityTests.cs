using AnalogHil.Core.Numerics;
using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Numerics;

/// <summary>
/// The numbers against the law they claim. Seeds are fixed, so what passes goes on passing; with a seed drawn afresh, each single check would raise a
/// false alarm with probability about 1E-6 (two-sided z beyond 4.89, Poisson tail counts, Kolmogorov's limit of 2.69). A test makes at most 46 checks:
/// below 5E-5 a test, below 4E-4 for the class.
/// </summary>
public sealed class GaussianQualityTests(ITestOutputHelper output)
{
    private const double ScoreLimit = 4.89;
    private const double KolmogorovLimit = 2.69;
    private const double SmallestPValue = 1E-6;
    private const int Chunk = 1 << 20;

    [Theory]
    [InlineData(1UL, 4)]
    [InlineData(2UL, 4)]
    public void Fill_OneStream_IsStandardNormal(ulong seed, int chunks) => CheckStream(seed, chunks);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(3UL, 96)]
    [InlineData(4UL, 96)]
    public void Fill_OneLongStream_IsStandardNormal(ulong seed, int chunks) => CheckStream(seed, chunks);

    [Theory]
    [InlineData(5UL, 1 << 18)]
    public void Fill_FirstNumbersOfManyStreams_AreStandardNormal(ulong seed, int streams) => CheckStreams(seed, streams);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(6UL, 6_000_000)]
    public void Fill_FirstNumbersOfVeryManyStreams_AreStandardNormal(ulong seed, int streams) => CheckStreams(seed, streams);

    [Theory]
    [InlineData(7UL, 1)]
    public void Fill_Neighbours_AreUncorrelated(ulong seed, int chunks) => CheckNeighbours(seed, chunks);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(8UL, 96)]
    public void Fill_FarNeighbours_AreUncorrelated(ulong seed, int chunks) => CheckNeighbours(seed, chunks);

    private void CheckStream(ulong seed, int chunks)
    {
        GaussianKey key = GaussianKey.Derive(seed);
        GaussianSample sample = new();
        float[] numbers = new float[Chunk];
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            GaussianGenerator.Fill(key, (ulong)chunk * Chunk, numbers);
            sample.Add(numbers);
        }

        Check(sample, seed);
    }

    // The first group of neighbouring raw keys, and of keys derived from neighbouring paths.
    private void CheckStreams(ulong seed, int streams)
    {
        GaussianSample raw = new();
        GaussianSample derived = new();
        float[] numbers = new float[Chunk];
        for (int stream = 0; stream < streams; stream += Chunk / 16)
        {
            int count = Math.Min(Chunk / 16, streams - stream);
            Span<float> drawn = numbers.AsSpan(0, count * 16);
            for (int i = 0; i < count; i++)
            {
                GaussianGenerator.Fill(new GaussianKey(seed + (ulong)(stream + i)), 0, drawn.Slice(i * 16, 16));
            }

            raw.Add(drawn);
            for (int i = 0; i < count; i++)
            {
                GaussianGenerator.Fill(GaussianKey.Derive(seed, (ulong)(stream + i)), 0, drawn.Slice(i * 16, 16));
            }

            derived.Add(drawn);
        }

        Check(raw, seed);
        Check(derived, seed);
    }

    private void Check(GaussianSample sample, ulong seed)
    {
        output.WriteLine($"seed {seed}, {sample.Count} numbers");
        for (int k = 1; k <= 6; k++)
        {
            output.WriteLine($"moment {k}: z = {sample.MomentScore(k):F2}");
            Assert.InRange(sample.MomentScore(k), -ScoreLimit, ScoreLimit);
        }

        foreach (double sigma in new[] { 1, 2, 3, 4, 4.5, 5, 5.5, 6 })
        {
            foreach (double side in new[] { -sigma, sigma })
            {
                (long observed, double expected, double p) = sample.Tail(side);
                output.WriteLine($"beyond {side} sigma: {observed}, {expected:F2} expected, p = {p:G3}");
                Assert.True(p > SmallestPValue, $"{observed} values beyond {side} sigma, {expected:F2} expected");
            }
        }

        output.WriteLine($"Kolmogorov-Smirnov sqrt(n) D = {sample.KolmogorovSmirnov():F3}");
        Assert.InRange(sample.KolmogorovSmirnov(), 0, KolmogorovLimit);
    }

    private void CheckNeighbours(ulong seed, int chunks)
    {
        GaussianKey key = GaussianKey.Derive(seed);
        foreach (int lag in new[] { 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 32, 64 })
        {
            CheckPair($"lag {lag}", seed, chunks, key, key, (ulong)lag);
        }

        CheckPair("next raw key", seed, chunks, key, new GaussianKey(key.Value + 1));
        CheckPair("raw key, upper word", seed, chunks, key, new GaussianKey(key.Value + (1UL << 32)));
        CheckPair("next seed", seed, chunks, key, GaussianKey.Derive(seed + 1));
        CheckPair("first child", seed, chunks, key, GaussianKey.Derive(seed, 0));
        CheckPair("children", seed, chunks, GaussianKey.Derive(seed, 3, 0), GaussianKey.Derive(seed, 3, 1));
        CheckPair("swapped path", seed, chunks, GaussianKey.Derive(seed, 3, 4), GaussianKey.Derive(seed, 4, 3));
    }

    private void CheckPair(string what, ulong seed, int chunks, GaussianKey left, GaussianKey right, ulong lag = 0)
    {
        float[] a = new float[Chunk];
        float[] b = new float[Chunk];
        double plain = 0;
        double squared = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            ulong start = (ulong)chunk * Chunk;
            GaussianGenerator.Fill(left, start, a);
            GaussianGenerator.Fill(right, start + lag, b);
            (double products, double squares) = GaussianSample.CrossSums(a, b);
            plain += products;
            squared += squares;
        }

        // x y has variance 1, (x^2 - 1)(y^2 - 1) has variance 4.
        double root = Math.Sqrt((double)chunks * Chunk);
        output.WriteLine($"seed {seed}, {what}: z = {plain / root:F2}, of squares {squared / (2 * root):F2}");
        Assert.InRange(plain / root, -ScoreLimit, ScoreLimit);
        Assert.InRange(squared / (2 * root), -ScoreLimit, ScoreLimit);
    }
}
