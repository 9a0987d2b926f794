using AnalogHil.Engine.Quantisation;
using AnalogHil.Engine.Tests.Noise;

namespace AnalogHil.Engine.Tests.Quantisation;

public sealed class StraightThroughTests
{
    private const int Count = 8;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public unsafe void PassInside_Values_GradientOnlyWhereNotClipped(bool accumulate)
    {
        var grid = new AffineQuantiser(0.25f, zeroPoint: 4, bits: 4);
        float[] x = [-1.01f, -1, -0.9f, 0, 1, 2.74f, 2.75f, 2.76f, float.NaN, 5, 1];
        float[] gradient = [.. Enumerable.Range(1, x.Length).Select(i => (float)i)];
        float[] target = [.. Enumerable.Repeat(100f, x.Length)];
        bool[] passes = [false, true, true, true, true, true, true, false, false, false, true];

        fixed (float* source = x, g = gradient, t = target)
        {
            QuantiserKernels.PassInside(grid, source, g, t, accumulate, x.Length);
        }

        Assert.Equal(passes.Select((pass, i) => (accumulate ? 100 : 0) + (pass ? i + 1f : 0)), target);
    }

    // y = Low + Scale round((x - Low) / Scale) with rounding's derivative taken as 1, differentiated by hand for each value.
    [Fact]
    public unsafe void RangeGradient_Values_EqualsDefinition()
    {
        var grid = AffineQuantiser.FromRange(-0.4f, 1.1f, 4);
        var random = new Random(2);
        float[] x = [.. Enumerable.Range(0, 500).Select(_ => 3 * random.NextSingle() - 1)];
        float[] g = [.. x.Select(_ => 2 * random.NextSingle() - 1)];
        (double low, double high) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            double u = ((double)x[i] - grid.Low) / grid.Scale;
            bool inside = x[i] >= grid.Low && x[i] <= grid.High;
            high += g[i] * (inside ? (Math.Round(u) - u) / 15 : x[i] > grid.High ? 1 : 0);
            low += g[i] * (inside ? (u - Math.Round(u)) / 15 : x[i] < grid.Low ? 1 : 0);
        }

        fixed (float* values = x, gradient = g)
        {
            (double actualLow, double actualHigh) = QuantiserKernels.RangeGradient(grid, values, gradient, x.Length);
            Assert.Equal(low, actualLow, 1e-5);
            Assert.Equal(high, actualHigh, 1e-5);
        }
    }

    // 16 bits are nearly smooth, and the ranges are so narrow that many inputs are clipped: a wrong mask would show.
    // Steps trade the corners of ReLU and clipping, passed within a step, against the roughness of the grid.
    [Theory]
    [InlineData("fashion-lenet")]
    [InlineData("fashion-resnet")]
    public void Differentiate_ClippedFineGrid_EqualsFiniteDifferenceOfLoss(string model)
    {
        const float Variance = 4e-4f;
        const double Step = 0.02;
        OnnxNetwork network = OnnxNetwork.Load(Repository.Model(model));
        OnnxNetwork quantised = network.Quantised(Clipped(network, 0.3f));
        NoiseInjection Noise(int moved, double logEnergy) => new(
            8, [.. quantised.AnalogNodes.Select(node => new NodeNoise(Laws.Constant(node, node.Index == moved ? (float)(Variance * Math.Exp(-logEnergy)) : Variance)))]);

        NetworkGradients actual = quantised.Differentiate(Repository.Test.Pixels, Count, QuantisedNetworkTests.Spread, Noise(-1, 0), null);
        NetworkGradients unclipped = network.Differentiate(Repository.Test.Pixels, Count, QuantisedNetworkTests.Spread, Noise(-1, 0), null);

        double scale = actual.LogEnergy.Max(node => Math.Abs(node.Sum()));
        Assert.Null(actual.Ranges);
        Assert.True(Enumerable.Range(0, actual.LogEnergy.Length).Max(i => Math.Abs(actual.LogEnergy[i].Sum() - unclipped.LogEnergy[i].Sum())) > 0.2 * scale);
        foreach (AnalogNode node in quantised.AnalogNodes)
        {
            double difference = (Loss(quantised, Noise(node.Index, Step)) - Loss(quantised, Noise(node.Index, -Step))) / (2 * Step);
            Assert.Equal(difference, actual.LogEnergy[node.Index].Sum(), 0.05 * scale);
        }
    }

    [Theory]
    [InlineData("fashion-lenet")]
    [InlineData("fashion-resnet")]
    public void Differentiate_LearnedRanges_EqualsFiniteDifferenceOfLoss(string model)
    {
        const float Step = 0.002f;
        OnnxNetwork network = OnnxNetwork.Load(Repository.Model(model));
        QuantisationPlan plan = Clipped(network, 0.3f);

        NetworkGradients actual = network.Quantised(plan, learnRanges: true).Differentiate(Repository.Test.Pixels, Count, QuantisedNetworkTests.Spread, null, null);

        RangeGradient[] ranges = actual.Ranges!;
        double scale = ranges.Select((range, i) => Math.Abs(range.High * plan.Nodes[i].Input!.High)).Max();
        Assert.Equal(network.AnalogNodes.Count, ranges.Length);
        for (int i = 0; i < ranges.Length; i++)
        {
            AffineQuantiser grid = plan.Nodes[i].Input!;
            double Moved(float factor)
            {
                NodeQuantisation[] nodes = [.. plan.Nodes];
                nodes[i] = nodes[i] with { Input = AffineQuantiser.FromRange(0, grid.High * factor, 16) };
                return Loss(network.Quantised(plan with { Nodes = nodes }), null);
            }

            // Per relative change of the upper end; the lower one is zero, where ReLU has left nothing to clip.
            Assert.Equal((Moved(1 + Step) - Moved(1 - Step)) / (2 * Step), ranges[i].High * grid.High, 0.03 * scale);
            Assert.Equal(0, ranges[i].Low * grid.High, 0.03 * scale);
        }
    }

    // Input ranges shrunk to a part of what was observed.
    private static QuantisationPlan Clipped(OnnxNetwork network, float part)
    {
        QuantisationPlan plan = QuantisationCalibrator.Calibrate(
            network, Repository.Test.Pixels, Count, new QuantisationOptions { InputBits = 16, WeightBits = 8, InputRange = new MinMaxRule() });
        return plan with { Nodes = [.. plan.Nodes.Select(node => node with { Input = AffineQuantiser.FromRange(0, part * node.Input!.High, 16) })] };
    }

    private static double Loss(OnnxNetwork network, NoiseInjection? noise)
    {
        float[] logits = new float[Count * network.Classes];
        float[] weights = new float[logits.Length];
        network.Forward(Repository.Test.Pixels, Count, logits, noise);
        QuantisedNetworkTests.Spread(logits, Count, weights);
        return logits.Zip(weights, (y, w) => (double)y * w).Sum();
    }
}
