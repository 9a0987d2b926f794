using AnalogHil.Core.Noise;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Engine.Tests.Evaluation;

public sealed class ReferenceLawsTests
{
    private static readonly AnalogNode Node = new()
    {
        Index = 0, Name = "node", Operator = "Gemm", DotLength = 4, Channels = 2, Groups = 1, Positions = 1,
        Weights = new float[] { 0.25f, -0.25f, 0, 0, 1, 1, 1, -1 },
    };

    [Fact]
    public void NoiseOf_ThermalLaw_IsTheEquationOfEachChannel()
    {
        ElementVariance variance = Parse("thermal:0.01@36.5").NoiseOf(Node, inputSpan: 6).Variance;

        // N dW^2 dx^2 sigma^2 / E with dW = 0.5 and 2.
        Assert.Equal(4 * 0.25 * 36 * 1e-4 / 36.5, variance.Constant[0], 1e-8);
        Assert.Equal(4 * 4 * 36 * 1e-4 / 36.5, variance.Constant[1], 1e-8);
        Assert.False(variance.UsesSquares);
    }

    [Fact]
    public void NoiseOf_SumOfLaws_AddsVariances()
    {
        ReferenceLaws laws = Parse("weight:0.1@37.2+shot:35@2");

        ElementVariance variance = laws.NoiseOf(Node, inputSpan: double.NaN).Variance;

        // dW^2 sigma^2 / E + A / (N photons E).
        Assert.False(laws.UsesInputSpan);
        Assert.Equal(0.25 * 0.01 / 37.2 + 0.125 / (4 * 70), variance.SquareSlope[0], 1e-9);
        Assert.Equal(4 * 0.01 / 37.2 + 4.0 / (4 * 70), variance.SquareSlope[1], 1e-8);
        Assert.Equal([0, 0], variance.Constant);
    }

    [Fact]
    public void NoiseOf_ShotNoiseWithFixedGains_IsTheMeanOverFiltersAndPatches()
    {
        ReferenceLaws laws = Parse("shot-fixed:35@2");
        Assert.True(laws.UsesSquares);
        Assert.True(laws.IsShotNoise);
        Assert.Equal((false, true, false), (laws.CountsPhotons, Parse("shot:1").CountsPhotons, Parse("shot:1+thermal:0.01").CountsPhotons));

        ElementVariance variance = laws.NoiseOf(Node, inputSpan: double.NaN, new ProductSquares(Input: 3, Operand: 2)).Variance;

        // (X mean(A) + A mean(X)) / (2 N photons E) with A = 0.125 and 4.
        Assert.Equal([0.125 * 3 / (2 * 4 * 70), 4.0 * 3 / (2 * 4 * 70)], variance.Constant.Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-8);
        Assert.All(variance.SquareSlope, slope => Assert.Equal(2.0 / (2 * 4 * 70), slope, 1e-8));
        Assert.Contains("mean squares", Assert.Throws<ArgumentException>(() => laws.NoiseOf(Node, double.NaN)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shot-fixed:35@4", ReferenceLawKind.ShotFixedGain, 35, 4)]
    [InlineData("thermal:0.01", ReferenceLawKind.Thermal, 0.01, 1)]
    [InlineData("weight:1e-1@2.5e+1", ReferenceLawKind.Weight, 0.1, 25)]
    [InlineData("shot:35@4", ReferenceLawKind.Shot, 35, 4)]
    [InlineData("rin:0.02@4", ReferenceLawKind.Intensity, 0.02, 4)]
    public void TryParse_OneLaw_ReadsStrengthAndEnergy(string text, ReferenceLawKind kind, double strength, double energy) =>
        Assert.Equal([new ReferenceLaw(kind, strength, energy)], Parse(text).Laws);

    [Fact]
    public void TryParse_Sum_KeepsItsTextAndOrder()
    {
        ReferenceLaws laws = Parse("shot:1e+2+thermal:0.01@36");

        Assert.Equal([ReferenceLawKind.Shot, ReferenceLawKind.Thermal], laws.Laws.Select(law => law.Kind));
        Assert.Equal("shot:1e+2+thermal:0.01@36", laws.ToString());
        Assert.True(laws.UsesInputSpan);
    }

    [Fact]
    public void NoiseOf_LawsOfTwoLifetimes_HoldsOnePartAndDrawsTheOther()
    {
        ReferenceLaws laws = Parse("thermal:0.01@36.5+weight:0.1@37.2/inference");

        NodeNoise noise = laws.NoiseOf(Node, inputSpan: 6);

        Assert.Equal(4 * 0.25 * 36 * 1e-4 / 36.5, noise.Variance.Constant[0], 1e-8);
        Assert.False(noise.Variance.UsesSquares);
        Assert.Equal(0.25 * 0.01 / 37.2, noise.Held!.Variance.SquareSlope[0], 1e-9);
        Assert.Equal([0, 0], noise.Held.Variance.Constant);
        Assert.Equal(1, noise.Held.ImagesPerDraw);
        Assert.Equal("thermal per read, weight per inference", laws.DescribeLifetime());
    }

    [Theory]
    [InlineData("weight:0.1/read", 0, "per read")]
    [InlineData("weight:0.1@4/inference", 1, "per inference")]
    [InlineData("weight:0.1/batch", 32, "per batch of 32 images")]
    [InlineData("thermal:0.01/batch64", 64, "per batch of 64 images")]
    public void TryParse_Lifetime_IsReadAndDescribed(string text, int images, string words)
    {
        ReferenceLaws laws = Parse(text);

        Assert.Equal(images, laws.Laws[0].Lifetime.ImagesPerDraw);
        Assert.Equal(words, laws.DescribeLifetime());
        Assert.Equal(images == 0 ? null : images, laws.NoiseOf(Node, inputSpan: 1).Held?.ImagesPerDraw);
    }

    [Theory]
    [InlineData("shot:35/inference", "the photons of a read are gone with it")]
    [InlineData("rin:0.02/batch", "holds intensity noise")]
    [InlineData("rin:0.02+weight:0.1/inference", "intensity noise beside noise that is held")]
    [InlineData("weight:0.1/week", "has the lifetime 'week'; write /read, /inference, /batch")]
    [InlineData("weight:0.1/batch0", "has the lifetime 'batch0'")]
    [InlineData("weight:0.1/inference+thermal:0.01/batch", "give all held laws one lifetime")]
    [InlineData("weight:0.1/read/read", "is no noise law")]
    [InlineData("", "'' is no noise law")]
    [InlineData("thermal", "'thermal' is no noise law; write thermal:SIGMA")]
    [InlineData("gain:0.1", "'gain:0.1' is no noise law")]
    [InlineData("thermal:0.01@1@2", "is no noise law")]
    [InlineData("thermal:0.01+", "'' is no noise law")]
    [InlineData("thermal:-0.01", "sigma must be a number, not negative")]
    [InlineData("thermal:nan", "sigma must be a number")]
    [InlineData("shot:0", "photons per MAC must be a number above 0")]
    [InlineData("weight:0.1@0", "energy '0'; it must be a number above 0")]
    [InlineData("weight:0.1@many", "energy 'many'")]
    [InlineData("weight:0.1+weight:0.2", "'weight' is there twice")]
    public void TryParse_WhatIsNoLaw_SaysWhatIsPossible(string text, string expected)
    {
        Assert.False(ReferenceLaws.TryParse(text, out _, out string? problem));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    private static ReferenceLaws Parse(string text) =>
        ReferenceLaws.TryParse(text, out ReferenceLaws? laws, out string? problem) ? laws : throw new InvalidOperationException(problem);
}
