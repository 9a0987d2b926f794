using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Engine;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Tests.Fakes;
using AnalogHil.Precision.Tests.Integration;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Clipping;

/// <summary>Full scales of the repository's LeNet on a device with measured noise.</summary>
public sealed class DeviceFullScalesTests(ITestOutputHelper output)
{
    private static readonly OnnxNetwork Network = OnnxNetwork.Load(Embedded.PathOf("models/fashion-lenet.onnx"), new EngineOptions { Threads = 1 });

    [Theory]
    [InlineData(NoiseTerm.Thermal)]
    [InlineData(NoiseTerm.Weight)]
    [InlineData(NoiseTerm.ShotDirect)]
    public void Of_ATerm_IsTheVarianceThatTheModelRouteHasAtAnyFullScale(NoiseTerm term)
    {
        // Balanced shot noise and the rounding of inputs are added on purpose: neither grows with the weights' full scale, and neither may count.
        NetworkOnDevice layout = Layout(range: 100);
        NoiseProfile profile = Profile((term, 0.02), (NoiseTerm.ShotBalanced, 0.01)) with
        {
            FullScale = FakeDevice.Caps().FullScale with { InputStep = 1 / 255.0 },
        };
        AnalogNode node = Network.AnalogNodes[1];
        LayerScale scale = layout.Scales[1];
        SpanVariance told = Assert.Single(new DeviceSpans(profile, layout.Scales).Of(node, [3]));
        double[] variances = [.. new[] { 1.0, 0.5 }.Select(share => Variance(new LayerScale(
            scale.DotLength, scale.RowStarts, scale.Passes, 0.7 * scale.InputFullScale, [.. scale.WeightFullScale.Select(full => (float)(share * full))],
            scale.Weights)))];

        // Channel 2, patches of X = 5 and M = 4: the part that goes with the square of the weights' full scale.
        double full = scale.WeightFullScale[2];
        Assert.Equal((variances[0] - variances[1]) / 0.75, full * full * told.ForUnitWeights(0.7 * scale.InputFullScale, 5, 4), 1e-4 * variances[0]);
        Assert.True(variances[0] > variances[1]);

        double Variance(LayerScale at)
        {
            ElementVariance law = LayerNoise.Variance(profile, at, [3]);
            double squares = 5.0 / law.Blocks;
            return law.Constant[2] + 4 * law.AbsoluteSlope[2] + Enumerable.Range(0, law.Blocks).Sum(block => squares * law.SquareSlope[block * law.Channels + 2]);
        }
    }

    [Fact]
    public void Choose_LittleNoise_KeepsFullScalesAndAnswers()
    {
        NetworkOnDevice layout = Layout(range: 100);
        ClippedNetwork chosen = Choose(layout, Profile((NoiseTerm.Thermal, 1e-7)), 1);
        Assert.All(chosen.Plan.Nodes.Zip(layout.Scales), pair =>
        {
            Assert.Equal(pair.Second.InputFullScale, pair.First.Input!.High, 1e-3 * pair.Second.InputFullScale);
            Assert.All(pair.First.Weights.Zip(pair.Second.WeightFullScale), weight => Assert.Equal(weight.Second, weight.First.High, 1e-3f * weight.Second));
        });
        float[] expected = new float[40];
        float[] actual = new float[40];
        Network.Forward(Embedded.Test.Pixels, 4, expected);
        chosen.Network.Forward(Embedded.Test.Pixels, 4, actual);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 0.02f));
    }

    [Fact]
    public void Choose_MoreNoise_IsNarrowerAndHasLessOfIt()
    {
        NetworkOnDevice layout = Layout(range: 100);
        var spans = new List<double>();
        foreach (double sigma in (double[])[0.002, 0.02, 0.1])
        {
            NoiseProfile profile = Profile((NoiseTerm.Thermal, sigma));
            ClippedNetwork chosen = Choose(layout, profile, 1);
            spans.Add(chosen.Plan.Nodes.Zip(layout.Scales).Average(pair => pair.First.Input!.High / pair.Second.InputFullScale * pair.First.Weights.Average(grid => grid.High)));
            double before = new NoiseModel(layout.Scales, profile).At(Energies(1))[1].Variance.Constant.Average();
            double after = chosen.Noise.At(Energies(1))[1].Variance.Constant.Average();
            output.WriteLine($"sigma {sigma}: variance of the second product {before:G3} -> {after:G3}");
            Assert.True(after < before);
        }

        Assert.True(spans[0] > spans[1] && spans[1] > spans[2], string.Join(" ", spans));
    }

    [Fact]
    public void Choose_WeightNoise_LeavesInputsAlone()
    {
        NetworkOnDevice layout = Layout(range: 100);
        Assert.All(
            Choose(layout, Profile((NoiseTerm.Weight, 0.05)), 1).Plan.Nodes.Zip(layout.Scales),
            pair => Assert.Equal(pair.Second.InputFullScale, pair.First.Input!.High, 1e-3 * pair.Second.InputFullScale));
    }

    [Fact]
    public void Choose_ReadsThatWouldLeaveTheConvertersRange_AreKeptWithinIt()
    {
        // At wide full scales reads fill a part of this range; cut as far as the noise asks for they would leave it.
        NoiseProfile profile = Profile((NoiseTerm.Thermal, 0.1));
        ClippedNetwork free = Choose(Layout(range: 100), profile, 1);
        double range = Reach(free, Layout(range: 100)).Max(channel => channel.Largest) / 3;
        NetworkOnDevice layout = Layout(range);
        ClippedNetwork held = Choose(layout, profile, 1);
        (double Largest, double Beyond)[] reach = Reach(held, layout);
        output.WriteLine($"range {range:0.0}: largest read {reach.Max(channel => channel.Largest):0.0}, share beyond of the worst channel {reach.Max(channel => channel.Beyond):0.0000}");
        (double Held, double Free)[] weights =
        [
            .. held.Plan.Nodes.SelectMany(node => node.Weights).Zip(free.Plan.Nodes.SelectMany(node => node.Weights), (one, other) => ((double)one.High, (double)other.High)),
        ];
        Assert.All(weights, pair => Assert.True(pair.Held >= 0.99 * pair.Free));
        Assert.Contains(weights, pair => pair.Held > 1.05 * pair.Free);

        // The device's full scale holds all that is left of the weights, and a channel that leaves the range in more than 0.3 % of its reads is written smaller.
        Assert.All(((NoiseModel)held.Noise).Scales.Zip(held.Plan.Nodes), pair => Assert.All(
            pair.First.WeightFullScale.Zip(pair.Second.Weights), weight => Assert.True(weight.First >= weight.Second.High * 0.9999f)));
        Assert.All(reach, channel => Assert.InRange(channel.Beyond, 0, 0.003));
    }

    [Fact]
    public void LayOut_OfTheChoiceThatWasKept_HasTheScalesThatItWasLearnedWith()
    {
        NetworkOnDevice layout = Layout(range: 30);
        ClippedNetwork chosen = Choose(layout, Profile((NoiseTerm.Thermal, 0.05)), 2);
        NodeFullScale[] kept = [.. chosen.Plan.Nodes.Select(NodeFullScale.Of)];
        OnnxNetwork again = NarrowedNetwork.Of(Network, kept).Corrected(chosen.Corrections);
        NetworkOnDevice laid = NarrowedNetwork.LayOut(again, kept, layout.Capabilities, layout.Map, Embedded.Calibration);
        Assert.All(((NoiseModel)chosen.Noise).Scales.Zip(laid.Scales), pair =>
        {
            Assert.Equal(pair.First.InputFullScale, pair.Second.InputFullScale, 1e-4 * pair.First.InputFullScale);
            Assert.All(pair.First.WeightFullScale.Zip(pair.Second.WeightFullScale), full => Assert.Equal(full.First, full.Second, 1e-3f * full.First));
        });
    }

    [Fact]
    public void Seen_AFullScale_TellsTheShareOfInputsBeyondIt()
    {
        // Counted here value by value; codes tell a value to one of 1,024 of the range.
        NetworkOnDevice layout = Layout(range: 100);
        var scales = new DeviceFullScales(Network, layout, Profile((NoiseTerm.Thermal, 0.05)), Embedded.Calibration, 4);
        const int Node = 1;
        double largest = layout.Scales[Node].InputFullScale;
        var values = new List<float>();
        Network.ObserveInputs(Embedded.Calibration.Pixels, Embedded.Calibration.Count, (node, _, seen) =>
        {
            if (node.Index == Node)
            {
                lock (values)
                {
                    values.AddRange(seen);
                }
            }
        });
        foreach (double share in (double[])[0.3, 0.6, 1])
        {
            double full = share * largest;
            NodeFullScale told = scales.Seen(Node, new NodeFullScale(full, false, [1]));
            double low = values.Count(value => value > full + largest / 1000) / (double)values.Count;
            double high = values.Count(value => value > full - largest / 1000) / (double)values.Count;
            output.WriteLine($"{share}: {told.InputsCut:G3} in {low:G3} .. {high:G3}");
            Assert.InRange(told.InputsCut!.Value, low, share < 1 ? high : 0);
            Assert.Equal(largest, told.InputSeen);
        }
    }

    [Fact]
    public void WhyNot_NoiseThatGrowsWithNoFullScale_SaysSo()
    {
        Assert.Null(DeviceFullScales.WhyNot(Network, Profile((NoiseTerm.Weight, 0.01))));
        Assert.Contains("no full scale", DeviceFullScales.WhyNot(Network, Profile((NoiseTerm.ShotBalanced, 0.01))), StringComparison.Ordinal);
        PrecisionException refused = Assert.Throws<PrecisionException>(
            () => new DeviceFullScales(Network, Layout(100), Profile((NoiseTerm.ShotBalanced, 0.01)), Embedded.Calibration, 4));
        Assert.Contains("no full scale", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FullScalesOfAnotherNetwork_AreRefused()
    {
        PrecisionException refused = Assert.Throws<PrecisionException>(() => NarrowedNetwork.Of(Network, [new NodeFullScale(1, false, [1, 1])]));
        Assert.Equal(PrecisionFault.PlanDoesNotFit, refused.Fault);
    }

    private static ClippedNetwork Choose(NetworkOnDevice layout, NoiseProfile profile, double repeats)
    {
        var plan = new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        var task = new MethodTask(Network, new NoiseModel(layout.Scales, profile), plan, Embedded.Calibration);
        return new DeviceFullScales(Network, layout, profile, Embedded.Calibration, 4).Choose(task, Energies(repeats), default);
    }

    private static double[][] Energies(double repeats) => [.. Network.AnalogNodes.Select(_ => new[] { repeats })];

    private static NetworkOnDevice Layout(double range) => NetworkOnDevice.Create(
        Network,
        FakeDevice.Caps(rows: 64, columns: 64) with { AdcFullScale = range, Tiles = 4096 },
        Network.ObserveRanges(Embedded.Calibration.Pixels, Embedded.Calibration.Count));

    // Largest read of each channel relative to full scale, and the share beyond the converter's range, on the examples that the choice saw.
    private static (double Largest, double Beyond)[] Reach(ClippedNetwork chosen, NetworkOnDevice layout)
    {
        // With the gains that it runs with, on the scales that it was given.
        NodeFullScale[] scales = [.. chosen.Plan.Nodes.Select(NodeFullScale.Of)];
        NetworkOnDevice laid = NetworkOnDevice.Create(chosen.Network, layout.Capabilities, [.. scales.Select(scale => scale.Range)], layout.Map)
            .With([.. ((NoiseModel)chosen.Noise).Scales], []);
        var reach = new ReachRoute(laid);
        chosen.Network.ForwardAsync(Embedded.Calibration.Slice(0, 64), 64, new float[64 * Network.Classes], reach, default).AsTask().GetAwaiter().GetResult();
        return [.. laid.Scales.SelectMany((scale, layer) => scale.WeightFullScale.Select((full, channel) =>
            (full > 0 ? reach.Largest[layer][channel] / (scale.InputFullScale * full) : 0, reach.Beyond[layer][channel] / reach.Reads[layer])))];
    }

    private static NoiseProfile Profile(params (NoiseTerm Term, double Sigma)[] terms) => new(
        FakeDevice.Caps().FullScale,
        [.. terms.Select(term => new NoiseTermEstimate(
            term.Term, new Estimate(term.Sigma, new Interval(term.Sigma, term.Sigma), "1", 1000), true, new AveragingLaw(1, 0)))]);
}
