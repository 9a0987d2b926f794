using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using AnalogHil.Core.Numerics;
using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Numerics;

public sealed class GaussianGeneratorTests(ITestOutputHelper output)
{
    private const int Groups = 5000;

    [Theory]
    [InlineData(0u, 0u, "6627E8D5 E169C58D BC57AC4C 9B00DBD8")]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu, "408F276D 41C83B0E A20BC7C6 6D5451FD")]
    public void Block_KnownAnswers_Match(uint counter, uint key, string expected) =>
        Assert.Equal(expected, Text(PhiloxReference.Block([counter, counter, counter, counter], key, key)));

    [Fact]
    public void Block_DigitsOfPi_MatchKnownAnswer() => Assert.Equal(
        "D16CFE09 94FDCCEB 5001E420 24126EA1",
        Text(PhiloxReference.Block([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], 0xA4093822, 0x299F31D0)));

    [Theory]
    [InlineData(0UL, 0UL)]
    [InlineData(0x0123456789ABCDEFUL, 12345UL)]
    [InlineData(ulong.MaxValue, (1UL << 34) - 500)]
    [InlineData(0xFFFFFFFF00000000UL, ulong.MaxValue - 999)]
    public void Fill_AnyKeyAndCounter_FollowsTheReference(ulong key, ulong start)
    {
        float[] numbers = new float[1000];
        GaussianGenerator.Fill(new GaussianKey(key), start, numbers);
        for (int i = 0; i < numbers.Length; i++)
        {
            double expected = PhiloxReference.Gaussian(key, start + (ulong)i);
            Assert.True(Math.Abs(numbers[i] - expected) <= 3E-6, $"number {start + (ulong)i}: {numbers[i]:R} instead of {expected:R}");
        }
    }

    // A record is replayed from its seed, so the stream must never change, on any machine.
    [Fact]
    public void Fill_AnyMachine_KeepsTheBitsOfTheStream()
    {
        float[] numbers = new float[20000];
        GaussianGenerator.Fill(GaussianKey.Derive(2021), 5, numbers);
        Assert.Equal("0D01971CC73327E008805E1C40D48DFB", Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(numbers.AsSpan())))[..32]);
    }

    [Fact]
    public void Fill_AnySplit_GivesTheSameBits()
    {
        GaussianKey key = GaussianKey.Derive(7, 1, 2);
        float[] whole = new float[4096];
        GaussianGenerator.Fill(key, 1000, whole);
        Random random = new(3);
        for (int trial = 0; trial < 300; trial++)
        {
            int start = random.Next(whole.Length);
            float[] part = new float[random.Next(Math.Min(200, whole.Length - start) + 1)];
            GaussianGenerator.Fill(key, 1000 + (ulong)start, part);
            AssertBits(whole.AsSpan(start, part.Length), part);
        }
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData((1UL << 30) - 77)]
    [InlineData((1UL << 60) - Groups)]
    public unsafe void Draw_EveryVectorWidth_GivesTheSameBits(ulong firstGroup)
    {
        ulong key = GaussianKey.Derive(11, firstGroup).Value;
        float[] four = new float[Groups * 16];
        fixed (float* target = four)
        {
            Assert.Equal(Groups, GaussianKernel<Lanes128, Vector128<uint>>.Draw(key, firstGroup, Groups, target));
        }

        output.WriteLine($"AVX2 {Avx2.IsSupported}, AVX-512 {Avx512F.IsSupported}");
        if (Avx2.IsSupported)
        {
            float[] eight = new float[Groups * 16];
            fixed (float* target = eight)
            {
                Assert.Equal(Groups, GaussianKernel<Lanes256, Vector256<uint>>.Draw(key, firstGroup, Groups + 1, target));
            }

            AssertBits(four, eight);
        }

        if (Avx512F.IsSupported)
        {
            float[] sixteen = new float[Groups * 16];
            fixed (float* target = sixteen)
            {
                Assert.Equal(Groups, GaussianKernel<Lanes512, Vector512<uint>>.Draw(key, firstGroup, Groups + 3, target));
            }

            AssertBits(four, sixteen);
        }
    }

    [Fact]
    public void Transform_ExtremeWords_StayFiniteAndReachSevenSigma()
    {
        uint[] edges = [0, 1, 0xFF, 0x100, 0x1FF, 0x7FFFFFFF, 0x80000000, 0xFFFFFE00, 0xFFFFFFFF];
        float largest = 0;
        foreach (uint first in edges)
        {
            foreach (uint second in edges)
            {
                GaussianKernel<Lanes128, Vector128<uint>>.Transform(
                    Vector128.Create(first), Vector128.Create(second), out Vector128<uint> cosines, out Vector128<uint> sines);
                float cosine = cosines.AsSingle()[0];
                float sine = sines.AsSingle()[0];
                Assert.True(float.IsFinite(cosine) && float.IsFinite(sine), $"{first:X} {second:X}: {cosine}, {sine}");
                largest = Math.Max(largest, MathF.Sqrt(cosine * cosine + sine * sine));
            }
        }

        // -2 ln 2^-40, the smallest uniform number.
        Assert.Equal(Math.Sqrt(80 * Math.Log(2)), largest, 1E-4);
    }

    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(3UL, 12)]
    [InlineData(16UL, 64)]
    [InlineData(77UL, 1031)]
    public void AddScaled_AnyRange_AddsTheScaledNumbers(ulong start, int length)
    {
        GaussianKey key = GaussianKey.Derive(5, start);
        float[] numbers = new float[length];
        GaussianGenerator.Fill(key, start, numbers);
        float[] deviations = [.. Enumerable.Range(0, length).Select(i => 0.01f * i)];
        float[] before = [.. Enumerable.Range(0, length + 2).Select(i => MathF.Sin(i))];
        float[] one = [.. before];
        float[] each = [.. before];

        GaussianGenerator.AddScaled(key, start, 0.37f, one.AsSpan(1, length));
        GaussianGenerator.AddScaled(key, start, deviations, each.AsSpan(1, length));

        float[] expectedOne = [.. before];
        float[] expectedEach = [.. before];
        for (int i = 0; i < length; i++)
        {
            expectedOne[i + 1] = MathF.FusedMultiplyAdd(0.37f, numbers[i], before[i + 1]);
            expectedEach[i + 1] = MathF.FusedMultiplyAdd(deviations[i], numbers[i], before[i + 1]);
        }

        AssertBits(expectedOne, one);
        AssertBits(expectedEach, each);
    }

    [Fact]
    public void AddScaled_LengthsDiffer_Throws() => Assert.Contains(
        "3 standard deviations for 4 values",
        Assert.Throws<ArgumentException>(() => GaussianGenerator.AddScaled(default, 0, new float[3], new float[4])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Fill_PastTheEndOfTheStream_Throws()
    {
        GaussianGenerator.Fill(default, ulong.MaxValue, new float[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianGenerator.Fill(default, ulong.MaxValue, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianGenerator.AddScaled(default, ulong.MaxValue, 1, new float[2]));
    }

    private static string Text(uint[] words) => string.Join(' ', words.Select(w => w.ToString("X8", null)));

    private static void AssertBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.True(MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)), "the bits differ");
}
