using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Recording;
using AnalogHil.Daemon.Records.Costs;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Daemon.Tests.Campaign;

/// <summary>A learned plan that is predicted to be accepted where no uniform one is.</summary>
public sealed class UniformMissedTests
{
    [Fact]
    public void Of_NoUniformKIsAccepted_RecordsWhatWasTriedAndComparesNothing()
    {
        CampaignState state = Learned(uniformReachable: false);
        EnergyRecord energy = EnergySection.Of(state)!;
        Assert.Equal(16, energy.UniformTried);
        Assert.Null(energy.RatioLow);
        Assert.Null(energy.RatioHigh);
        Assert.All(PlanSection.Of(state)!.Layers, layer => Assert.Null(layer.UniformK));
    }

    [Fact]
    public void Of_AUniformKIsAccepted_ComparesWithIt()
    {
        CampaignState state = Learned(uniformReachable: true);
        EnergyRecord energy = EnergySection.Of(state)!;
        Assert.Null(energy.UniformTried);
        Assert.Equal(0.45, energy.RatioLow);
        Assert.All(PlanSection.Of(state)!.Layers, layer => Assert.NotNull(layer.UniformK));
    }

    [Fact]
    public void Of_NoLearnedPlanIsAccepted_ClaimsNoRatio()
    {
        CampaignState state = Learned(uniformReachable: true);
        state.Learned = state.Learned! with { Learned = state.Learned.Uniform, Shape = null };
        EnergyRecord energy = EnergySection.Of(state)!;
        Assert.Null(energy.UniformTried);
        Assert.Null(energy.RatioLow);
        Assert.Null(energy.RatioHigh);
    }

    private static CampaignState Learned(bool uniformReachable)
    {
        PrecisionResult found = CheckpointStoreTests.Learned();
        SearchPoint tried = found.Uniform.Points[0];
        CampaignState state = Campaigns.State();
        state.Learned = found with { Uniform = found.Uniform with { Reachable = uniformReachable, Points = [tried, tried with { Energy = 16 }] } };
        Assert.Equal(new Interval(0.45, 0.55), state.Learned.Ratio.Interval);
        return state;
    }
}
