using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Noise;

public class ReferenceNoiseModelTests
{
    private static readonly float[] NoImages = new float[1];

    [Fact]
    public void At_Thermal_GivesTheReferenceDeviation()
    {
        // N = 576, dW = 0.5, dx = 6, sigma_t = 0.01, E = 36.5.
        float[] filter = new float[576];
        filter[0] = -0.2f;
        filter[1] = 0.3f;
        ReferenceNoiseModel model = Model(ReferenceNoiseOptions.Thermal, NodesOnly.Node(576, 1, filter));
        Assert.Equal(0.1191752, Deviation(model, 36.5, new float[576]), 1e-6);
    }

    [Fact]
    public void At_Weight_GivesTheReferenceDeviation()
    {
        // sigma_w = 0.1, dW = 0.5, |x| = 10, E = 37.2.
        float[] filter = new float[100];
        filter[0] = -0.25f;
        filter[1] = 0.25f;
        float[] patch = [.. Enumerable.Repeat(1f, 100)];
        Assert.Equal(0.0819782, Deviation(Model(ReferenceNoiseOptions.Weight, NodesOnly.Node(100, 1, filter)), 37.2, patch), 1e-6);
    }

    [Fact]
    public void At_Shot_GivesTheReferenceDeviation()
    {
        // |W| = 2, |x| = 10, N = 576, 35 photons.
        float[] filter = [.. Enumerable.Repeat((float)(2 / Math.Sqrt(576)), 576)];
        float[] patch = [.. Enumerable.Repeat((float)(10 / Math.Sqrt(576)), 576)];
        Assert.Equal(0.1408590, Deviation(Model(ReferenceNoiseOptions.Shot, NodesOnly.Node(576, 1, filter)), 35, patch), 1e-6);
    }

    [Fact]
    public void At_DepthwiseInPaperCode_IsOffByTheForgottenGroups()
    {
        // Depthwise C = 64, 3 x 3: standard deviation of paper-code over corrected is 8 for receiver noise and 1/8 for shot noise.
        AnalogNode node = NodesOnly.Node(9, 64, [.. Enumerable.Range(0, 64).Select(i => Enumerable.Range(0, 9).Select(k => (float)Math.Sin(i + k)).ToArray())]);
        float[] patch = [.. Enumerable.Repeat(1f, 9)];
        Assert.Equal(8.0, Ratio(ReferenceNoiseOptions.Thermal, node, patch), 1e-5);
        Assert.Equal(0.125, Ratio(ReferenceNoiseOptions.Shot, node, patch), 1e-6);
        Assert.Equal(1.0, Ratio(ReferenceNoiseOptions.Weight, node, patch), 1e-6);
    }

    [Fact]
    public void At_FixedGain_IsTheBalancedLawAtTheMeanPatchAndNeverBelowOnAverage()
    {
        SumNetwork network = SumNetwork.Random(12, 6, 1, 1f);
        LabelledImages images = Pictures.For(network, 2000, 3);
        ElementVariance fixedGain = ReferenceNoiseModel.Create(network, ReferenceNoiseOptions.Shot with { Law = ReferenceLawKind.ShotFixedGain }, images.Pixels, 2000)
            .At([[5]])[0].Variance;
        ElementVariance balanced = ReferenceNoiseModel.Create(network, ReferenceNoiseOptions.Shot, images.Pixels, 2000).At([[5]])[0].Variance;

        // Sum over channels: mean(A) X + mean(A) mean(X) over 2 N E, against mean(A) X over N E: equal on average over patches. The mean X is
        // measured with 12,000 normals, 1.3 %; band of 5 standard errors of half of it.
        double fixedSum = 0;
        double balancedSum = 0;
        for (int image = 0; image < images.Count; image++)
        {
            for (int channel = 0; channel < 6; channel++)
            {
                fixedSum += fixedGain.Evaluate(channel, images.Slice(image, 1).Span);
                balancedSum += balanced.Evaluate(channel, images.Slice(image, 1).Span);
            }
        }

        Assert.InRange(fixedSum / balancedSum, 0.967, 1.033);

        // A patch of twice the mean norm is noisier than balanced power would be only where fixed gains are wrong: an empty patch still has noise.
        Assert.True(fixedGain.Evaluate(0, new float[12]) > 0);
        Assert.Equal(0, balanced.Evaluate(0, new float[12]));
    }

    [Fact]
    public void At_RelativeIntensity_IsARelativeErrorThatChannelsShareDividedByTheEnergyOfEach()
    {
        SumNetwork network = SumNetwork.Random(12, 6, 1, 1f, 3f);
        LabelledImages images = Pictures.For(network, 4, 3);
        var options = new ReferenceNoiseOptions(ReferenceLawKind.Intensity, 0.05);
        NodeNoise[] noise = ReferenceNoiseModel.Create(network, options, images.Pixels, 4).At([[4], [1, 2, 4, 8, 16, 32]]);
        Assert.All(noise[0].Variance.SharedGain!, gain => Assert.Equal(0.0025 / 4, gain, 1e-9));
        Assert.Equal([0.0025, 0.00125, 0.000625], noise[1].Variance.SharedGain!.Take(3).Select(gain => Math.Round(gain, 9)));
        Assert.All(noise, node => Assert.All(node.Variance.Constant, constant => Assert.Equal(0, constant)));
    }

    [Fact]
    public void At_PerChannel_DividesEachByItsOwnEnergy()
    {
        ReferenceNoiseModel model = Model(ReferenceNoiseOptions.Thermal, NodesOnly.Node(2, 1, [0, 1], [0, 1]));
        ElementVariance variance = model.At([[2, 8]])[0].Variance;
        Assert.Equal(4, variance.Constant[0] / variance.Constant[1], 1e-5);
        Assert.Equal(PrecisionFault.PlanDoesNotFit, Assert.Throws<PrecisionException>(() => model.At([[1, 2, 3]])).Fault);
        Assert.Equal(PrecisionFault.PlanDoesNotFit, Assert.Throws<PrecisionException>(() => model.At([[1], [1]])).Fault);
    }

    [Fact]
    public void At_AProductOfTwoActivations_TakesSpansAndSquaresOfBothOperands()
    {
        var node = new AnalogNode
        {
            Index = 0, Name = "scores", Operator = "MatMul", Operands = ProductOperands.TwoActivations, DotLength = 3, Channels = 4, Groups = 2, Positions = 2,
            Weights = ReadOnlyMemory<float>.Empty,
        };
        var network = new NodesOnly(new InputRange(-1, 2) { OperandLow = -2, OperandHigh = 3 }, node);
        float[] row = [1, 2, 2];
        float[] column = [3, 0, 4];
        Assert.Equal(3 * 25 * 9 * 1e-4 / 7, Variance(ReferenceNoiseOptions.Thermal), 1e-7);
        Assert.Equal(25 * 1e-2 * 9 / 7, Variance(ReferenceNoiseOptions.Weight), 1e-6);
        Assert.Equal(25 * 9 / (3.0 * 7), Variance(ReferenceNoiseOptions.Shot), 1e-5);

        double Variance(ReferenceNoiseOptions options) =>
            ReferenceNoiseModel.Create(network, options, NoImages, 1).At([[7]])[0].Variance.Evaluate(1, row, column);
    }

    [Fact]
    public void Create_WithAnImpossibleSigmaOrForeignRanges_SaysSo()
    {
        AnalogNode node = NodesOnly.Node(1, 1, [1f]);
        Assert.Throws<PrecisionException>(() => Model(new ReferenceNoiseOptions(ReferenceLawKind.Thermal, double.NaN), node));
        var error = Assert.Throws<PrecisionException>(
            () => ReferenceNoiseModel.Create(new NodesOnly(default, node), ReferenceNoiseOptions.Thermal, NoImages, 1, [default, default]));
        Assert.Contains("2 input ranges", error.Message, StringComparison.Ordinal);
    }

    private static ReferenceNoiseModel Model(ReferenceNoiseOptions options, AnalogNode node) =>
        ReferenceNoiseModel.Create(new NodesOnly(new InputRange(0, 6), node), options, NoImages, 1);

    private static double Deviation(ReferenceNoiseModel model, double energy, float[] patch) =>
        Math.Sqrt(model.At([[energy]])[0].Variance.Evaluate(0, patch));

    private static double Ratio(ReferenceNoiseOptions options, AnalogNode node, float[] patch) =>
        Deviation(Model(options with { Profile = ReferenceProfile.PaperCode }, node), 3, patch) / Deviation(Model(options, node), 3, patch);
}
