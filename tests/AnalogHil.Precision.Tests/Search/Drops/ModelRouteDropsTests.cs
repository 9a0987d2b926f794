using AnalogHil.Core.Plans;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Drops;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Search.Drops;

public class ModelRouteDropsTests
{
    private static readonly SumNetwork Network = SumNetwork.Random(12, 6, 1, 1f, 0.5f);
    private static readonly LabelledImages Images = Pictures.For(Network, 600, 3, wrongOneIn: 10);
    private static readonly NoiseModel Model = new(Scenes.Scales(Network), Scenes.Profile(0.05));
    private static readonly PlanLayout Layout = new(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);

    [Fact]
    public void Extend_InSteps_EqualsExtendAtOnce()
    {
        DropSample steps = Sample(out ModelRouteDrops first);
        first.Extend(steps, 130, 1, default);
        first.Extend(steps, 600, 1, default);
        first.Extend(steps, 600, 3, default);
        DropSample once = Sample(out ModelRouteDrops second);
        second.Extend(once, 600, 3, default);
        Assert.Equal(once.ToPoint().Drop, steps.ToPoint().Drop);
        Assert.Equal(once.ToPoint().Discordance, steps.ToPoint().Discordance);
        Assert.All(Enumerable.Range(0, 600), i => Assert.Equal(once.Right(i), steps.Right(i)));
        Assert.True(once.ToPoint().Discordance > 0.02);
    }

    [Fact]
    public void Extend_WithMoreRepeats_LosesLess()
    {
        var drops = new ModelRouteDrops(Network, Model, Images, 64, 1);
        DropSample noisy = drops.Open(EnergyPoint.Of(Layout.Uniform(1)));
        DropSample quiet = drops.Open(EnergyPoint.Of(Layout.Uniform(64)));
        drops.Extend(noisy, 600, 2, default);
        drops.Extend(quiet, 600, 2, default);
        Assert.True(quiet.ToPoint().Drop < noisy.ToPoint().Drop);
        Assert.True(quiet.ToPoint().Discordance < 0.5 * noisy.ToPoint().Discordance);
    }

    private static DropSample Sample(out ModelRouteDrops drops)
    {
        drops = new ModelRouteDrops(Network, Model, Images, 64, 1);
        return drops.Open(EnergyPoint.Of(Layout.Uniform(2)));
    }
}
