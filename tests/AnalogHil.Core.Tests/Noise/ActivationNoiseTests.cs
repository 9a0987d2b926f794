using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;

namespace AnalogHil.Core.Tests.Noise;

/// <summary>A product of two activations is, for one example, a layer whose weights are its second operand.</summary>
public sealed class ActivationNoiseTests
{
    private const int Length = 16;
    private static readonly int[] Cuts = [0, 7, 16];
    private static readonly float[] Operand = [.. Enumerable.Range(0, 2 * Length).Select(i => 0.2f * MathF.Sin(1 + i))];
    private static readonly float[] Patch = [.. Enumerable.Range(0, Length).Select(i => 2.5f * MathF.Cos(i))];

    [Theory]
    [InlineData(NoiseTerm.Thermal)]
    [InlineData(NoiseTerm.Weight)]
    [InlineData(NoiseTerm.ShotBalanced)]
    [InlineData(NoiseTerm.ShotDirect)]
    public void Variance_OfActivations_EqualsThatOfALayerWithTheOperandAsWeights(NoiseTerm term)
    {
        NoiseProfile profile = Profile(term, inputStep: 0);
        var pair = LayerScale.OfActivations(Length, Cuts, 3, 0.5, 2);
        var layer = new LayerScale(Length, Cuts, 1, 3, [0.5f, 0.5f], Operand);

        foreach (double repeats in new[] { 1.0, 4.0 })
        {
            ElementVariance actual = LayerNoise.Variance(profile, pair, [repeats]);
            ElementVariance expected = LayerNoise.Variance(profile, layer, [repeats]);
            for (int channel = 0; channel < 2; channel++)
            {
                double variance = expected.Evaluate(channel, Patch);
                Assert.True(variance > 0);
                Assert.Equal(variance, actual.Evaluate(channel, Patch, Operand.AsSpan(channel * Length, Length)), 1e-6 * variance);
            }
        }
    }

    [Fact]
    public void Variance_OfActivations_RoundsBothOperands()
    {
        const double Step = 0.01;
        var pair = LayerScale.OfActivations(Length, Cuts, 3, 0.5, 2);
        ReadOnlySpan<float> column = Operand.AsSpan(Length, Length);

        ElementVariance variance = LayerNoise.Variance(Profile(NoiseTerm.Thermal, Step, 0), pair, [8]);
        ElementVariance slope = LayerNoise.EnergySlope(Profile(NoiseTerm.Thermal, Step, 0), pair, [8]);

        double expected = Step * Step / 12 * (9 * Squares(column) + 0.25 * Squares(Patch));
        Assert.Equal(expected, variance.Evaluate(1, Patch, column), 1e-6 * expected);
        Assert.Equal(0, slope.Evaluate(1, Patch, column));
        Assert.Throws<ArgumentException>(() => LayerNoise.InputRounding(Profile(NoiseTerm.Thermal, Step).FullScale, pair, 0));
    }

    [Fact]
    public void ReferenceLaws_OfActivations_EqualThePapersWithTheOperandAsWeights()
    {
        ReadOnlySpan<float> column = Operand.AsSpan(0, Length);

        Assert.Equal(ReferenceNoise.Thermal(Length, 0.7, 6, 0.01, 1), ReferenceActivationNoise.Thermal(Length, 3, 0.7, 6, 0.01).Evaluate(2, Patch, column), 1e-9);
        Assert.Equal(ReferenceNoise.Weight(0.7, 0.1, Squares(Patch), 1), ReferenceActivationNoise.Weight(Length, 3, 0.7, 0.1).Evaluate(2, Patch, column), 1e-6);
        Assert.Equal(ReferenceNoise.ShotBalanced(Length, Squares(column), Squares(Patch), 1), ReferenceActivationNoise.ShotBalanced(Length, 3).Evaluate(2, Patch, column), 1e-6);
    }

    private static NoiseProfile Profile(NoiseTerm term, double inputStep, double sigma = 0.02) => new(
        new DeviceFullScale(2, 2, 8, 0, inputStep),
        [new NoiseTermEstimate(term, new Estimate(sigma, new Interval(sigma, sigma), "1", 1000), true, AveragingLaw.White)]);

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
