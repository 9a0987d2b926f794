using AnalogHil.Daemon.Campaign.Progress;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Campaign;

public sealed class RemainingTimeTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Update_NothingDoneYet_KnowsNothing()
    {
        var remaining = new RemainingTime(_time);

        Assert.Equal((null, null), remaining.Update(CampaignPhase.Calibrate, 0, 100));
    }

    [Fact]
    public void Update_AQuarterDone_ThreeTimesAsLongIsLeft()
    {
        var remaining = new RemainingTime(_time);
        remaining.Update(CampaignPhase.Learn, 0, 100);
        _time.Advance(TimeSpan.FromSeconds(5));

        (TimeSpan? phase, TimeSpan? campaign) = remaining.Update(CampaignPhase.Learn, 25, 100);

        Assert.Equal(TimeSpan.FromSeconds(15), phase);
        Assert.True(campaign > phase);
    }

    [Fact]
    public void Update_OnlyAShortStepDone_DoesNotGuessTheCampaign()
    {
        var remaining = new RemainingTime(_time);
        remaining.Update(CampaignPhase.Calibrate, 0, 100);
        _time.Advance(TimeSpan.FromSeconds(1));

        (TimeSpan? phase, TimeSpan? campaign) = remaining.Update(CampaignPhase.Calibrate, 50, 100);

        Assert.Equal(TimeSpan.FromSeconds(1), phase);
        Assert.Null(campaign);
    }

    [Fact]
    public void Update_LastStepAlmostDone_NothingMuchIsLeftOfTheCampaign()
    {
        var remaining = new RemainingTime(_time);
        remaining.Update(CampaignPhase.Learn, 0, 10);
        _time.Advance(TimeSpan.FromSeconds(60));
        remaining.Update(CampaignPhase.Validate, 0, 10);
        _time.Advance(TimeSpan.FromSeconds(45));

        (TimeSpan? phase, TimeSpan? campaign) = remaining.Update(CampaignPhase.Validate, 9, 10);

        Assert.Equal(TimeSpan.FromSeconds(5), phase);
        Assert.InRange(campaign!.Value, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Update_TotalUnknown_KnowsNothing()
    {
        var remaining = new RemainingTime(_time);
        remaining.Update(CampaignPhase.Push, 0, 0);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal((null, null), remaining.Update(CampaignPhase.Push, 3, 0));
    }
}
