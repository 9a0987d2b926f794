using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Verdicts;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Twin;
using AnalogHil.Precision.Validation;

namespace AnalogHil.Daemon.Tests.Campaign;

public sealed class CampaignVerdictTests
{
    [Fact]
    public void Of_AcceptAndTwinAgrees_IsAccept()
    {
        var verdict = CampaignVerdict.Of(State(Verdict.Accept, ratio: 1.0));

        Assert.Equal(Verdict.Accept, verdict.Verdict);
        Assert.Equal("figures", verdict.Reason);
    }

    [Fact]
    public void Of_AcceptButTwinDisagrees_IsInconclusiveAndNamesTheLayer()
    {
        var verdict = CampaignVerdict.Of(State(Verdict.Accept, ratio: 1.2));

        Assert.Equal(Verdict.Inconclusive, verdict.Verdict);
        Assert.Contains("1 of 2 layers", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("conv2 1.200 [1.150, 1.250] from 64 images", verdict.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("conv1", verdict.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Verdict.Reject)]
    [InlineData(Verdict.Inconclusive)]
    public void Of_NoAcceptAndTwinDisagrees_KeepsTheVerdictAndSaysBoth(Verdict validated)
    {
        var verdict = CampaignVerdict.Of(State(validated, ratio: 1.2));

        Assert.Equal(validated, verdict.Verdict);
        Assert.Contains("figures", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("conv2", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_RejectBecauseTheTargetIsOutOfReach_SaysWhy()
    {
        var verdict = CampaignVerdict.Of(State(Verdict.Reject, ratio: 1.0, reachable: false));

        Assert.Equal(Verdict.Reject, verdict.Verdict);
        Assert.Contains("no K reaches it", verdict.Reason, StringComparison.Ordinal);
    }

    private static CampaignState State(Verdict validated, double ratio, bool reachable = true)
    {
        var plan = new PrecisionPlan([new LayerPlan("conv1", 9, 100, [4], RedundancyMode.ReadAndAverage)]);
        var outcome = new BudgetOutcome(reachable, plan, 4, new Interval(3, 5), 0.01, 0.001, 0.05, 0.9, -0.01, [], "no K reaches it");
        CampaignState state = Campaigns.State();
        state.Learned = new PrecisionResult(outcome, outcome, new Estimate(1, new Interval(1, 1), "1", 1), null, []);
        state.Twin = new TwinResult(
            [
                new TwinLayer("conv1", 1, new Interval(0.95, 1.05), 0, 64, 1000),
                new TwinLayer("conv2", ratio, new Interval(ratio - 0.05, ratio + 0.05), 0, 64, 1000),
            ],
            new Interval(0.9, 1.1));
        state.Validation = new ValidationRecord(
            new NonInferiorityResult(validated, 0.01, new Interval(0, 0.02), 100, null, "figures"),
            new PairedCounts(2, 1, 100), 100, 0.9, 0.89, 0.02, default(DeviceRouteCounters), 0, TimeSpan.Zero);
        return state;
    }
}
