using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;
using Xunit.Abstractions;

namespace AnalogHil.Core.Tests.Noise;

public sealed class LayerNoiseTests(ITestOutputHelper output)
{
    private static readonly DeviceFullScale Full = new(2, 2, 8, 0);

    // Two channels of dot length 16 on two tiles of 8 rows; a full-scale weight is 0.5 and 0.25, a full-scale input 3.
    private static readonly float[] Weights = [.. Enumerable.Range(0, 32).Select(i => 0.2f * MathF.Sin(1 + i))];
    private static readonly LayerScale Layer = new(16, [0, 8, 16], 1, 3, [0.5f, 0.25f], Weights);
    private static readonly float[] Patch = [.. Enumerable.Range(0, 16).Select(i => 2.5f * MathF.Cos(i))];

    [Fact]
    public void Variance_ThermalOnFullTiles_IsThePapersLaw()
    {
        ElementVariance variance = LayerNoise.Variance(Profile(NoiseTerm.Thermal, 0.01), Layer, [4]);

        Assert.Equal(ReferenceNoise.Thermal(16, 2 * 0.5, 2 * 3, 0.01, 4), variance.Evaluate(0, Patch), 8);
        Assert.Equal(ReferenceNoise.Thermal(16, 2 * 0.25, 2 * 3, 0.01, 4), variance.Evaluate(1, Patch), 8);
    }

    [Fact]
    public void Variance_ThermalOnAPartialTile_CountsTheWholeTileRead()
    {
        var partial = new LayerScale(9, [0, 8, 9], 1, 3, [0.5f], Weights.AsMemory(0, 9));
        ElementVariance variance = LayerNoise.Variance(Profile(NoiseTerm.Thermal, 0.01), partial, [1]);

        Assert.Equal(ReferenceNoise.Thermal(16, 2 * 0.5, 2 * 3, 0.01, 1), variance.Evaluate(0, Patch.AsSpan(0, 9)), 8);
    }

    [Fact]
    public void Variance_TwoPasses_ReadTwice()
    {
        var twice = new LayerScale(16, [0, 8, 16], 2, 3, [0.5f, 0.25f], Weights);
        NoiseProfile thermal = Profile(NoiseTerm.Thermal, 0.01);
        NoiseProfile weight = Profile(NoiseTerm.Weight, 0.01);

        Assert.Equal(2 * LayerNoise.Variance(thermal, Layer, [1]).Evaluate(0, Patch), LayerNoise.Variance(thermal, twice, [1]).Evaluate(0, Patch), 8);

        // An input drives one of the two passes only, so what follows the input is not doubled.
        Assert.Equal(LayerNoise.Variance(weight, Layer, [1]).Evaluate(0, Patch), LayerNoise.Variance(weight, twice, [1]).Evaluate(0, Patch), 8);
    }

    [Fact]
    public void Variance_Weight_IsThePapersLaw()
    {
        ElementVariance variance = LayerNoise.Variance(Profile(NoiseTerm.Weight, 0.03), Layer, [2]);

        Assert.Equal(ReferenceNoise.Weight(2 * 0.25, 0.03, Squares(Patch), 2), variance.Evaluate(1, Patch), 6);
    }

    [Fact]
    public void Variance_ShotBalanced_IsThePapersLawInEveryBlock()
    {
        ElementVariance variance = LayerNoise.Variance(Profile(NoiseTerm.ShotBalanced, 0.1), Layer, [1]);
        double expected = 0;
        foreach (Range block in new[] { 0..8, 8..16 })
        {
            expected += ReferenceNoise.ShotBalanced(8, Squares(Weights.AsSpan(16, 16)[block]), Squares(Patch.AsSpan(block)), 1 / (0.1 * 0.1));
        }

        Assert.Equal(expected, variance.Evaluate(1, Patch), 1e-6 * expected);
    }

    [Fact]
    public void Variance_ShotDirect_GrowsWithTheMagnitudeOfTheInput()
    {
        ElementVariance variance = LayerNoise.Variance(Profile(NoiseTerm.ShotDirect, 0.02), Layer, [5]);

        // sigma^2 dW^2 dx sum |u| in device units, u = x / 3, output times 0.5 x 3.
        double expected = 0.02 * 0.02 * 4 * 2 * Patch.Sum(x => Math.Abs(x) / 3.0) * Math.Pow(0.5 * 3, 2) / 5;
        Assert.Equal(expected, variance.Evaluate(0, Patch), 1e-6 * expected);
        Assert.True(variance.UsesMagnitudes && !variance.UsesSquares);
    }

    [Fact]
    public void Variance_ConverterStep_AddsATwelfthPerTileRead()
    {
        var profile = NoiseProfile.Noiseless(Full with { QuantiserStep = 0.01 });

        double expected = 2 * 0.01 * 0.01 / 12 * Math.Pow(0.5 * 3, 2) / 3;
        Assert.Equal(expected, LayerNoise.Variance(profile, Layer, [3]).Evaluate(0, Patch), 1e-6 * expected);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(200, 2)]
    public void Variance_InputStep_AddsAFloorThatNeitherRepeatsNorPassesChange(double repeats, int passes)
    {
        var layer = new LayerScale(16, [0, 8, 16], passes, 3, [0.5f, 0.25f], Weights);
        var profile = NoiseProfile.Noiseless(Full with { InputStep = 1.0 / 127 });

        double expected = 3.0 * 3 / (127.0 * 127 * 12) * Squares(Weights.AsSpan(16, 16));
        Assert.Equal(expected, LayerNoise.Variance(profile, layer, [repeats]).Evaluate(1, Patch), 1e-6 * expected);
        Assert.Equal(0, LayerNoise.EnergySlope(profile, layer, [repeats]).Evaluate(1, Patch));
    }

    [Fact]
    public void Variance_PhysicalReads_Agree()
    {
        // The device as physics: weights that flicker and a receiver that adds noise once per tile read, in device units, scaled back at the end.
        const int seed = 12;
        const int trials = 40000;
        output.WriteLine($"seed {seed}, 5 sigma limits");
        var random = new Random(seed);
        NoiseProfile profile = new(Full, [Term(NoiseTerm.Thermal, 0.02), Term(NoiseTerm.Weight, 0.05)]);
        var products = new SampleVariance();
        for (int trial = 0; trial < trials; trial++)
        {
            double sum = 0;
            for (int block = 0; block < 2; block++)
            {
                sum += 0.02 * Math.Sqrt(8) * 2 * 2 * Normal.Sample(random, 0, 1);
                for (int k = 8 * block; k < 8 * block + 8; k++)
                {
                    sum += (Weights[k] / 0.5 + 2 * 0.05 * Normal.Sample(random, 0, 1)) * Patch[k] / 3;
                }
            }

            products.Add(sum * 0.5 * 3);
        }

        double expected = LayerNoise.Variance(profile, Layer, [1]).Evaluate(0, Patch);
        Assert.Equal(expected, products.Variance, 5 * expected * Math.Sqrt(2.0 / trials));
    }

    [Fact]
    public void Variance_RepeatsPerChannel_AreEachChannelsOwn()
    {
        NoiseProfile profile = Profile(NoiseTerm.Weight, 0.03);
        ElementVariance once = LayerNoise.Variance(profile, Layer, [1]);
        ElementVariance mixed = LayerNoise.Variance(profile, Layer, [1, 7.5]);

        Assert.Equal(once.Evaluate(0, Patch), mixed.Evaluate(0, Patch), 8);
        Assert.Equal(once.Evaluate(1, Patch) / 7.5, mixed.Evaluate(1, Patch), 8);
    }

    [Fact]
    public void EnergySlope_FloorAndCorrelation_IsTheDerivativeOfTheVariance()
    {
        var law = new AveragingLaw(0.8, 0.2, [0.5, 0.3, 0.1]);
        NoiseProfile profile = new(Full, [Term(NoiseTerm.Thermal, 0.02, law), Term(NoiseTerm.Weight, 0.05)]);
        const double k = 2.4;
        const double step = 1e-3;

        double numeric = -(At(k * (1 + step)) - At(k * (1 - step))) / (2 * step);
        Assert.Equal(numeric, LayerNoise.EnergySlope(profile, Layer, [k]).Evaluate(0, Patch), 1e-4 * Math.Abs(numeric));

        double At(double repeats) => LayerNoise.Variance(profile, Layer, [repeats]).Evaluate(0, Patch);
    }

    [Fact]
    public void AtUpperLimits_AbsentTerm_CountsAtItsLimit()
    {
        var absent = new NoiseTermEstimate(NoiseTerm.Weight, new Estimate(0, new Interval(0, 0.004), "1", 100), false, AveragingLaw.White);
        NoiseProfile profile = new(Full, [absent]);

        Assert.Equal(0, LayerNoise.Variance(profile, Layer, [1]).Evaluate(0, Patch));
        Assert.Equal(
            LayerNoise.Variance(Profile(NoiseTerm.Weight, 0.004), Layer, [1]).Evaluate(0, Patch),
            LayerNoise.Variance(profile.AtUpperLimits(), Layer, [1]).Evaluate(0, Patch), 9);
    }

    [Fact]
    public void Variance_WrongNumberOfRepeats_SaysHowManyChannelsThereAre()
    {
        Assert.Contains(
            "2 output channels",
            Assert.Throws<ArgumentException>(() => LayerNoise.Variance(Profile(NoiseTerm.Weight, 1), Layer, [1, 1, 1])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0, 16 }, 1, 16)]
    [InlineData(new[] { 0, 8, 8, 17 }, 1, 17)]
    [InlineData(new[] { 0, 17 }, 3, 17)]
    public void LayerScale_PartsThatDoNotFit_AreRefused(int[] starts, int passes, int weights)
    {
        Assert.ThrowsAny<ArgumentException>(() => new LayerScale(17, starts, passes, 1, [1f], new float[weights]));
    }

    private static NoiseProfile Profile(NoiseTerm term, double sigma) => new(Full, [Term(term, sigma)]);

    private static NoiseTermEstimate Term(NoiseTerm term, double sigma, AveragingLaw? law = null) =>
        new(term, new Estimate(sigma, new Interval(sigma, sigma), "1", 1000), true, law ?? AveragingLaw.White);

    private static double Squares(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum;
    }
}
