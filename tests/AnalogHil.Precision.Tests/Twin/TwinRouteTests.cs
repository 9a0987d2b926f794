using AnalogHil.Engine;
using AnalogHil.Precision.Twin;

namespace AnalogHil.Precision.Tests.Twin;

public class TwinRouteTests
{
    private static readonly AnalogNode Node = new()
    {
        Index = 0, Name = "conv", Operator = "Conv", DotLength = 1, Channels = 4, Groups = 2, Positions = 3, Weights = new float[] { 1, 1, 1, 1 },
    };

    [Fact]
    public async Task MultiplyAsync_ABatchInParts_KeepsEveryImagesNoiseApart()
    {
        // Image i reads i, 0 and -i beside the exact product: a sample variance of i^2 in each of its 3 x 4 elements, and no static error.
        var twin = new TwinRoute(new Swinging(), [Node], 3);
        twin.Watched[0] = true;
        for (int batch = 0; batch < 2; batch++)
        {
            twin.Begin(5);
            foreach ((int first, int images) in new[] { (0, 2), (2, 2), (4, 1) })
            {
                float[] patches = [.. Enumerable.Range(0, images * 3).Select(row => (float)(first + row / 3 + 1))];
                for (int group = 0; group < 2; group++)
                {
                    await twin.MultiplyAsync(Node, group, patches, patches.Length, new float[patches.Length * 2], default);
                }
            }

            Assert.All(twin.Noise[0].Select((noise, image) => (noise, image)), entry => Assert.Equal(12 * Math.Pow(entry.image + 1, 2), entry.noise, 1e-9));
        }
    }

    [Fact]
    public void ToLayer_OfOneImage_SaysThatNothingIsKnown()
    {
        var tally = new LayerTally();
        tally.Add(0, 2, 1, 0, 10);
        Assert.Equal(0, tally.ToLayer("x", 0).Interval.Low);
        Assert.Equal(double.PositiveInfinity, tally.ToLayer("x", 0).Interval.High);
        Assert.Equal(double.PositiveInfinity, tally.HalfWidth);
        tally = new LayerTally();
        tally.Add(0, 1, 1, 0, 10);
        Assert.False(tally.ToLayer("x", 0).Agrees(new Core.Statistics.Interval(0.9, 1.1)));
    }

    [Fact]
    public void ToLayer_StaticErrorThatRoundingExplains_IsNotLeftUnexplained()
    {
        var tally = new LayerTally();
        tally.Add(0, 4, 4, 1, 10);
        tally.Add(1, 4, 4, 3, 10);
        Assert.Equal(Math.Sqrt(0.5), tally.ToLayer("x", 0).BiasOverNoise, 1e-12);
        Assert.Equal(0.5, tally.ToLayer("x", 0).UnexplainedBias, 1e-12);
        Assert.Equal(0.125, tally.ToLayer("x", 1.5).UnexplainedBias, 1e-12);
        Assert.Equal(0, tally.ToLayer("x", 5).UnexplainedBias);
    }

    /// <summary>Adds the image's own number, nothing, and its negative in turn.</summary>
    private sealed class Swinging : IProductRoute
    {
        private int _calls;

        public ValueTask MultiplyAsync(
            AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken)
        {
            int sign = 1 - _calls++ % 3;
            for (int i = 0; i < count * node.GroupChannels; i++)
            {
                float x = patches.Span[i / node.GroupChannels];
                products.Span[i] = x + sign * x;
            }

            return ValueTask.CompletedTask;
        }
    }
}
