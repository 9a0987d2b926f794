using AnalogHil.Precision.Clipping;

namespace AnalogHil.Precision.Tests.Clipping;

/// <summary>The full scale of one channel's weights against an exhaustive search.</summary>
public class WeightClipTests
{
    private const int N = 400;
    private static readonly float[] Weights = [.. Enumerable.Range(0, N).Select(j => (float)MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (j + 0.5) / N))];
    private static readonly double[] Even = [.. Enumerable.Repeat(1.0, N)];
    private static readonly double Largest = Weights[^1];

    [Fact]
    public void Choose_WithoutNoise_CutsNothing()
    {
        WeightClip clip = WeightClip.Choose(Weights, Even, 0, 1, symmetric: false);
        Assert.Equal((-Largest, Largest, 1.0), (clip.Low, clip.High, clip.Gain), new Near(1e-6));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(8)]
    public void Choose_WithNoise_IsTheLeastErrorOfAFineSearch(double noise)
    {
        WeightClip clip = WeightClip.Choose(Weights, Even, noise, 1, symmetric: false);
        double least = Enumerable.Range(100, 1900).Min(i => Error(i * Largest / 2000, noise));

        // Steps of 5 % in the limit stay within 1 % of the least error, which is flat there.
        Assert.InRange(Error(clip.High, noise), least, 1.01 * least);
        Assert.True(clip.High < 0.9 * Largest);
        Assert.True(clip.Gain > 1);
    }

    [Fact]
    public void Choose_AnInputThatNeverVaries_LeavesItsWeightOutOfTheError()
    {
        double[] variances = [.. Even];
        float[] weights = [.. Weights];
        (weights[0], variances[0]) = (10, 0);
        WeightClip clip = WeightClip.Choose(weights, variances, 0.1, 1, symmetric: false);
        Assert.True(clip.High < 1.05 * Largest);
    }

    [Fact]
    public void Choose_WithMoreStrength_CutsLess() => Assert.True(
        WeightClip.Choose(Weights, Even, 2, 10, symmetric: false).High > WeightClip.Choose(Weights, Even, 2, 1, symmetric: false).High);

    [Fact]
    public void Choose_SpanCountedByItsMagnitude_IsThatOfAQuarterOfTheNoiseBetweenBothEnds() =>
        Assert.Equal(WeightClip.Choose(Weights, Even, 2, 1, symmetric: false), WeightClip.Choose(Weights, Even, 8, 1, symmetric: true));

    [Fact]
    public void Span_OfWeightsOfOneSign_IsTheMagnitudeWhereTheFullScaleIsSymmetric()
    {
        var clip = new WeightClip(-0.1, 0.4, 1);
        Assert.Equal((0.4, 0.5), (clip.Span(symmetric: true), clip.Span(symmetric: false)));
    }

    private static double Error(double limit, double noise)
    {
        double[] clipped = [.. Weights.Select(w => Math.Clamp(w, -limit, limit))];
        double gain = Weights.Zip(clipped, (w, c) => w * c).Sum() / clipped.Sum(c => c * c);
        double span = gain * 2 * limit;
        return noise * span * span + Weights.Zip(clipped, (w, c) => (w - gain * c) * (w - gain * c)).Sum();
    }

    private sealed class Near(double tolerance) : IEqualityComparer<(double, double, double)>
    {
        public bool Equals((double, double, double) x, (double, double, double) y) =>
            Math.Abs(x.Item1 - y.Item1) < tolerance && Math.Abs(x.Item2 - y.Item2) < tolerance && Math.Abs(x.Item3 - y.Item3) < tolerance;

        public int GetHashCode((double, double, double) value) => 0;
    }
}
