using AnalogHil.Engine.Quantisation;

namespace AnalogHil.Engine.Tests.Quantisation;

public sealed class RangeRuleTests
{
    [Theory]
    [InlineData(99.99, 100_000)]
    [InlineData(99.9, 12_345)]
    [InlineData(99, 7)]
    [InlineData(75, 1_000)]
    [InlineData(50, 101)]
    [InlineData(100, 500)]
    [InlineData(99.99, 1)]
    public void Percentile_ValuesInAnyPieces_EqualsSortedValues(double percent, int count)
    {
        var random = new Random(5);
        // Half of them zeros, as behind a ReLU: ties at the edge of a tail.
        float[] values = [.. Enumerable.Range(0, count).Select(_ => (float)Math.Pow(Math.Max(random.NextDouble() - 0.4, -0.1), 3))];
        RangeEstimator estimator = new PercentileRule(percent).Start(count + 17);

        for (int at = 0; at < count;)
        {
            int piece = Math.Min(random.Next(1, 700), count - at);
            estimator.Observe(values.AsSpan(at, piece));
            at += piece;
        }

        float[] sorted = [.. values.Order()];
        Assert.Equal(count, estimator.Count);
        Assert.Equal(Interpolate(sorted, (count - 1) * (1 - percent / 100)), estimator.Range.Low, 1e-6);
        Assert.Equal(Interpolate(sorted, (count - 1) * (percent / 100)), estimator.Range.High, 1e-6);
    }

    [Fact]
    public void Percentile_TooManyValues_SaysHowManyAreKept()
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => new PercentileRule(90).Start(1_000_000_000)).Message;

        Assert.Contains("observe fewer images", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PercentileRule(49));
        RangeEstimator small = new PercentileRule().Start(10);
        Assert.Throws<InvalidOperationException>(() => small.Observe(new float[11]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MovingAverage_Batches_EqualsWeightedSum(bool paperCode)
    {
        const int Batches = 100;
        var rule = new MovingAverageRule(PaperCode: paperCode);
        RangeEstimator estimator = rule.Start(0);
        var random = new Random(3);
        double[] lows = new double[Batches];
        double[] highs = new double[Batches];
        for (int batch = 0; batch < Batches; batch++)
        {
            float[] values = [.. Enumerable.Range(0, 50).Select(_ => 2 * random.NextSingle() - 1)];
            (lows[batch], highs[batch]) = (values.Min(), values.Max());
            estimator.Observe(values.AsSpan(0, 20));
            estimator.Observe(values.AsSpan(20));
            estimator.EndBatch();
        }

        double[] weights = [.. Enumerable.Range(0, Batches).Select(i => Math.Pow(0.99, Batches - 1 - i) * (paperCode && i == 0 ? 1 : 0.01))];
        double total = weights.Sum();
        Assert.Equal(lows.Zip(weights, (x, w) => x * w).Sum() / total, estimator.Range.Low, 1e-6);
        Assert.Equal(highs.Zip(weights, (x, w) => x * w).Sum() / total, estimator.Range.High, 1e-6);
        Assert.Equal(weights[0] / total, rule.FirstBatchWeight(Batches), 1e-12);
        Assert.Equal(paperCode ? 0.37 : 0.0058, rule.FirstBatchWeight(Batches), paperCode ? 0.005 : 0.0001);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MovingAverageRule(0));
    }

    [Fact]
    public void MinMax_Values_Extremes()
    {
        RangeEstimator estimator = new MinMaxRule().Start(0);
        Assert.Throws<InvalidOperationException>(() => estimator.Range);

        estimator.Observe([1, 2, -3]);
        estimator.EndBatch();
        estimator.Observe([5]);

        Assert.Equal(new InputRange(-3, 5), estimator.Range);
        Assert.Throws<ArgumentException>(() => estimator.Observe([1, 2, 3, 4, 5, 6, 7, float.NaN, 9]));
        Assert.Throws<ArgumentException>(() => estimator.Observe([float.PositiveInfinity]));
    }

    private static double Interpolate(float[] sorted, double rank)
    {
        int below = (int)Math.Floor(rank + 1e-9);
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }
}
