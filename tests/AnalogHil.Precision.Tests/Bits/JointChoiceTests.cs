using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Bits;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Tests.Fakes;
using AnalogHil.Precision.Tests.Integration;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Bits;

public sealed class JointChoiceTests(ITestOutputHelper output)
{
    private static readonly BitGrid Grid = new([3, 5, 8], [4, 8], [4, 6, 8], [1, 2, 4, 8]);

    [Fact]
    public void LeastLoss_AtBreakpoints_EqualsBruteForceOverBitsAndEnergies()
    {
        var random = new Random(23);
        int mixed = 0;
        for (int round = 0; round < 200; round++)
        {
            (LayerBitLosses Losses, LayerBitCosts Costs)[] layers = [.. Enumerable.Range(0, 2).Select(_ => Draw(random))];
            double price = Math.Exp(random.NextDouble() * 8 - 4);
            LayerBits[][] options = [.. layers.Select(layer => All(layer.Losses, layer.Costs))];
            double budget = options.Sum(layer => layer.MinBy(option => option.Loss + price * option.Joules)!.Joules);
            BitPlan plan = JointChoice.LeastLoss(layers, Grid, budget);
            double best = double.PositiveInfinity;
            foreach (LayerBits first in options[0])
            {
                foreach (LayerBits second in options[1].Where(second => first.Joules + second.Joules <= budget * (1 + 1e-12)))
                {
                    best = Math.Min(best, first.Loss + second.Loss);
                }
            }

            Assert.True(plan.Joules <= budget * (1 + 1e-9));
            Assert.Equal(best, plan.Loss, 1e-9 * best);
            Assert.Equal(best, plan.LowerBound, 1e-6 * best);
            mixed += plan.Layers.Any(layer => layer.InputBits != 8 && layer.Energy > 1) ? 1 : 0;
        }

        // Both bits and energy are used: the problem is a joint one.
        Assert.InRange(mixed, 40, 200);
    }

    [Fact]
    public void LeastEnergy_AtAnyLoss_StaysBetweenItsBoundAndTheBestOfFixedBits()
    {
        var random = new Random(29);
        for (int round = 0; round < 100; round++)
        {
            (LayerBitLosses Losses, LayerBitCosts Costs)[] layers = [.. Enumerable.Range(0, 5).Select(_ => Draw(random))];
            double least = layers.Sum(layer => layer.Losses.At(8, 8, 8, 8));
            double allowed = least * (1 + 5 * random.NextDouble());
            BitPlan joint = JointChoice.LeastEnergy(layers, Grid, allowed);
            BitPlan eight = JointChoice.LeastEnergy(layers, Grid with { InputBits = [8], WeightBits = [8], OutputBits = [8] }, allowed);
            Assert.True(joint.Loss <= allowed * (1 + 1e-9));
            Assert.True(joint.LowerBound <= joint.Joules * (1 + 1e-9));

            // What the greedy rest may miss, at most: it starts from the dual bound, which is below both.
            Assert.True(joint.LowerBound <= eight.Joules * (1 + 1e-9));
            Assert.All(joint.Layers, layer => Assert.Contains(layer.Energy, Grid.Energies));
        }
    }

    [Fact]
    public void At_LossAndCost_AreTheClosedForms()
    {
        var losses = new LayerBitLosses(12, 225, 450, 63 * 63);
        Assert.Equal(225.0 / 225 + 450.0 / 225 + (12 + 1) / 4.0, losses.At(4, 4, 6, 4), 1e-12);
        Assert.Equal(1 + 2 + 3, losses.At(4, 4, 0, 4), 1e-12);
        Assert.Equal(1 + 2 + 3 + 8 * (0.75 / 4 + 0.25), (losses with { Slow = [(8, new AveragingLaw(0.75, 0.25))] }).At(4, 4, 0, 4), 1e-12);
        var costs = new LayerBitCosts(10, 3, 0, 5, new ConverterEnergy(2, 8), new ConverterEnergy(8, 8));

        // Four reads of 10 J, each with 5 conversions of 6 bits (2 J), and 3 inputs of 4 bits (1/8 J).
        Assert.Equal(4 * (10 + 5 * 2.0) + 3 * 0.125, costs.At(4, 8, 6, 4), 1e-12);
    }

    [Fact]
    public void OptionsOf_ALayer_AreThoseThatNothingBeats()
    {
        (LayerBitLosses losses, LayerBitCosts costs) = Draw(new Random(31));
        LayerBits[] options = Grid.OptionsOf(losses, costs);
        Assert.All(options.Zip(options.Skip(1)), pair => Assert.True(pair.First.Joules <= pair.Second.Joules && pair.First.Loss > pair.Second.Loss));
        LayerBits[] all = All(losses, costs);
        Assert.All(all, one => Assert.Contains(options, kept => kept.Joules <= one.Joules && kept.Loss <= one.Loss));
    }

    [Fact]
    public void Of_ANetworkOnADevice_CountsConversionsAndRoundingByItsClosedForms()
    {
        SumNetwork network = SumNetwork.Random(12, 6, 1, 1f, 2f);
        LabelledImages images = Pictures.For(network, 256, 3);
        NetworkOnDevice device = Scenes.OnDevice(network, FakeDevice.Caps() with { EnergyPerAdcConversion = 3e-12, EnergyPerDacConversion = 1e-12, AdcBits = 8, DacBits = 8 });
        (LayerBitLosses Losses, LayerBitCosts Costs)[] problem = BitProblem.Of(
            network, device, new NoiseModel(device.Scales, Scenes.Profile(0.02)), images, new LearningOptions { SensitivityImages = 256 }, default);

        // 12 rows by 6 columns on tiles of 8 by 4: two row blocks, two column blocks.
        Assert.Equal(72 * 1e-15, problem[0].Costs.ReadJoules, 1e-24);
        Assert.Equal(2 * 12, problem[0].Costs.InputConversions);
        Assert.Equal(2 * 6, problem[0].Costs.OutputConversions);
        Assert.Equal(0, problem[0].Costs.WeightConversions);
        Assert.Equal(4e-12, problem[0].Costs.Input.At(10), 1e-24);

        // Logits are the sum of both products: the same gradients, so that rounding inputs of the twice as large weights loses four times as much.
        double ratio = problem[1].Losses.InputRounding / problem[0].Losses.InputRounding;
        double expected = SumOfSquares(network, 1) / SumOfSquares(network, 0);
        Assert.InRange(ratio / expected, 0.7, 1.4);
        Assert.True(problem[1].Losses.Noise > problem[0].Losses.Noise);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0)]
    public void Of_NoiseThatRepeatsDoNotDivide_LosesAtEveryKWhatTheModelSays(double floor)
    {
        // A read's thermal noise with half of it a floor, or with reads that are much alike: what K reads leave is that of the averaging law, not 1/K.
        SumNetwork network = SumNetwork.Random(12, 6, 1, 1f, 2f);
        LabelledImages images = Pictures.For(network, 256, 3);
        NetworkOnDevice device = Scenes.OnDevice(network, FakeDevice.Caps() with { AdcBits = 8, DacBits = 8 });
        NoiseProfile profile = Scenes.Profile(0.02, floor);
        if (floor == 0)
        {
            profile = profile with { Terms = [profile.Terms[0] with { Averaging = new AveragingLaw(1, 0, [.. Enumerable.Range(1, 40).Select(lag => Math.Pow(0.8, lag))]) }] };
        }

        (LayerBitLosses Losses, LayerBitCosts Costs)[] problem = BitProblem.Of(
            network, device, new NoiseModel(device.Scales, profile), images, new LearningOptions { SensitivityImages = 256 }, default);

        foreach (LayerBitLosses losses in problem.Select(layer => layer.Losses with { InputRounding = 0, WeightRounding = 0 }))
        {
            double one = losses.At(8, 8, 0, 1);
            Assert.True(one > 0);
            Assert.All(new[] { 2.0, 4, 16 }, k => Assert.Equal(profile.Terms[0].Averaging.Factor(k) * one, losses.At(8, 8, 0, k), 1e-9 * one));
        }
    }

    [Fact]
    public void Of_AProfileWithTheConvertersRounding_CountsItOnce()
    {
        // A read-out of 4 bits whose rounding is a good part of the noise: the loss at its own bits is that of the measured noise, steps of 16 for 15 aside.
        SumNetwork network = SumNetwork.Random(12, 6, 1, 1f, 2f);
        LabelledImages images = Pictures.For(network, 256, 3);
        NetworkOnDevice device = Scenes.OnDevice(network, FakeDevice.Caps() with { AdcBits = 4, DacBits = 8 });
        NoiseProfile profile = Scenes.Profile(0.02) with { FullScale = device.Capabilities.FullScale };
        var measured = new NoiseModel(device.Scales, profile);
        var ideal = new NoiseModel(device.Scales, profile with { FullScale = profile.FullScale with { QuantiserStep = 0 } });
        var options = new LearningOptions { SensitivityImages = 256 };
        LayerBitLosses[] losses = [.. BitProblem.Of(network, device, measured, images, options, default).Select(layer => layer.Losses)];
        double[] whole = ReadLosses(measured);
        double[] ahead = ReadLosses(ideal);
        for (int layer = 0; layer < losses.Length; layer++)
        {
            Assert.True(whole[layer] > 1.2 * ahead[layer]);
            Assert.Equal(ahead[layer], losses[layer].Noise, 1e-9 * ahead[layer]);
            Assert.Equal(whole[layer] - ahead[layer], losses[layer].OutputRounding / 256, 1e-4 * whole[layer]);
        }

        double[] ReadLosses(NoiseModel noise) =>
        [
            .. SensitivityEstimator.Estimate(network, noise.AveragingPartOfOneRead(noise.Ones()), null, images.Pixels, 256, options, default)
                .Select(layer => layer.Sum()),
        ];
    }

    [Fact]
    public void Of_Lenet_PredictsWhatRoundingLoses()
    {
        // Weights of 4 bits on the whole range of their channel: second-order loss against the loss in nats that the quantised network has, on 500 images.
        OnnxNetwork network = OnnxNetwork.Load(Embedded.PathOf("models/fashion-lenet.onnx"), new EngineOptions { Threads = 1 });
        NetworkOnDevice device = Scenes.OnDevice(network, FakeDevice.Caps(rows: 512, columns: 256), 0, 6);
        (LayerBitLosses Losses, LayerBitCosts Costs)[] problem = BitProblem.Of(
            network, device, new NoiseModel(device.Scales, Scenes.Profile(0.02)), Embedded.Calibration, new LearningOptions { SensitivityImages = 256 }, default);
        double predicted = problem.Sum(layer => layer.Losses.WeightRounding / 225);
        var plan = new BitPlan([.. problem.Select(_ => new LayerBits(16, 4, 0, 1, 0, 0))], 0);
        var whole = new BitPlan([.. problem.Select(_ => new LayerBits(16, 16, 0, 1, 0, 0))], 0);
        double measured = Divergence(Quantise(whole), Quantise(plan));
        output.WriteLine($"weights of 4 bits: predicted {predicted:0.0000} nats, measured divergence {measured:0.0000}");

        // One realisation of a rounding error that is fixed, taken as white, to second order: within a factor of two and a half.
        Assert.InRange(measured / predicted, 0.4, 2.5);

        OnnxNetwork Quantise(BitPlan bits) => bits.Quantise(network, Embedded.Calibration, 64, new QuantisationOptions());
    }

    // Mean Kullback-Leibler divergence from the first network's softmax to the second's: to second order 1/2 d^T F d, which sensitivities estimate.
    private static double Divergence(OnnxNetwork reference, OnnxNetwork other)
    {
        const int Images = 500;
        float[] p = new float[Images * 10];
        float[] q = new float[Images * 10];
        reference.Forward(Embedded.Test.Slice(0, Images).Span, Images, p);
        other.Forward(Embedded.Test.Slice(0, Images).Span, Images, q);
        double sum = 0;
        for (int image = 0; image < Images; image++)
        {
            double[] a = LogSoftmax(p.AsSpan(image * 10, 10));
            double[] b = LogSoftmax(q.AsSpan(image * 10, 10));
            sum += a.Zip(b, (x, y) => Math.Exp(x) * (x - y)).Sum();
        }

        return sum / Images;
    }

    private static double[] LogSoftmax(ReadOnlySpan<float> logits)
    {
        double largest = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        double log = largest + Math.Log(sum);
        return [.. logits.ToArray().Select(logit => logit - log)];
    }

    private static double SumOfSquares(SumNetwork network, int layer) => network.AnalogNodes[layer].Weights.ToArray().Sum(weight => (double)weight * weight);

    private static LayerBits[] All(LayerBitLosses losses, LayerBitCosts costs) =>
    [
        .. from input in Grid.InputBits
           from weight in Grid.WeightBits
           from read in Grid.OutputBits
           from energy in Grid.Energies
           select new LayerBits(input, weight, read, energy, costs.At(input, weight, read, energy), losses.At(input, weight, read, energy)),
    ];

    private static (LayerBitLosses Losses, LayerBitCosts Costs) Draw(Random random)
    {
        double Factor() => Math.Exp(4 * random.NextDouble() - 2);
        return (
            new LayerBitLosses(Factor(), 300 * Factor(), 300 * Factor(), 1000 * Factor()),
            new LayerBitCosts(Factor(), 10, 2 * random.Next(2), 4, new ConverterEnergy(0.1 * Factor(), 8), new ConverterEnergy(0.2 * Factor(), 8)));
    }
}
