using AnalogHil.Core.Numerics;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Tests.Fakes;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Learning;

public class PrecisionLearnerTests(ITestOutputHelper output)
{
    // Equal costs, thermal noise, weights whose scales differ: noise variance goes with the square of the scale, and so does s, up to the
    // extremes of the drawn weights. The best E then goes with the scale itself.
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 0.3f, 3f);
    private static readonly LabelledImages Images = Pictures.For(Network, 1024, 3);
    private static readonly NoiseModel Model = new(Scenes.Scales(Network), Scenes.Profile(0.04));
    private static readonly PlanLayout Layout = new(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);

    [Fact]
    public void Estimate_OfKnownVariances_HasTheirRatio()
    {
        // Both products feed the same logits, so they share g and their sensitivities are as their variances, channel by channel.
        double[][] s = SensitivityEstimator.Estimate(Network, Model, Images.Pixels, 256, null, new LearningOptions(), default);
        NodeNoise[] noise = Model.At(Model.Ones());
        for (int channel = 0; channel < Network.Classes; channel++)
        {
            double ratio = noise[1].Variance.Constant[channel] / noise[0].Variance.Constant[channel];
            Assert.Equal(ratio, s[1][channel] / s[0][channel], 1e-3 * ratio);
        }
    }

    [Fact]
    public void Learn_FromTheClosedForm_MeetsTheBudgetAndIsOptimal()
    {
        LearnedShape shape = Learner(0).Learn(10, 64, null, default);
        Assert.Equal(20, shape.Energy.Sum(), 6);
        Assert.InRange(shape.Residual, 0, 0.35);
        Assert.False(shape.AdamChosen);
        Assert.InRange(shape.Energy[1] / shape.Energy[0], 5, 20);
    }

    [Fact]
    public void Learn_WithAdamFromAWrongShape_MovesTowardsTheOptimum()
    {
        var learning = new EnergyLearning(Network, Model, Layout, Images, new LearningOptions { Steps = 120, LearningRate = 0.03 });
        double[] learned = learning.Run([10, 10], 10, 64, 1024, _ => { }, default);
        double[] projected = BudgetProjection.Project(learned, Layout.Cost, 10, 64);
        output.WriteLine($"{projected[0]:0.00} {projected[1]:0.00}");
        Assert.Equal(20, projected.Sum(), 6);
        Assert.InRange(projected[1] / projected[0], 1.8, 30);
    }

    [Fact]
    public void Learn_WithAdam_KeepsTheBetterOfTheTwo()
    {
        LearnedShape shape = Learner(40).Learn(10, 64, null, default);
        Assert.Equal(40, shape.Steps);
        Assert.Equal(20, shape.Adam.Sum(), 6);
        Assert.Equal(shape.AdamLoss < shape.WarmStartLoss, shape.AdamChosen);
        Assert.Same(shape.AdamChosen ? shape.Adam : shape.WarmStart, shape.Energy);
    }

    [Fact]
    public void Learn_WithTooFewImages_SaysHowMany()
    {
        var few = new PrecisionLearner(Network, Model, Layout, Pictures.For(Network, 40, 1), new LearningOptions());
        Assert.Contains("40", Assert.Throws<PrecisionException>(() => few.Learn(10, 64, null, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Permutation_OfASeed_HoldsEverythingOnce()
    {
        int[] order = [.. Enumerable.Range(0, 500)];
        Permutation.Shuffle(order, GaussianKey.Derive(1).Value);
        Assert.Equal(Enumerable.Range(0, 500), order.Order());
        Assert.NotEqual(Enumerable.Range(0, 500), order);
    }

    private static PrecisionLearner Learner(int steps) => new(
        Network, Model, Layout, Images, new LearningOptions { Steps = steps, SensitivityImages = 1024, JudgeImages = 256 });
}
