using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Operations;

public sealed class OperationEventsTests
{
    private readonly FakeTime _time = new();
    private readonly EventHistory _history;
    private readonly OperationEvents _events;

    public OperationEventsTests()
    {
        _history = new EventHistory(_time);
        _events = new OperationEvents(_history, _time);
    }

    [Fact]
    public async Task OnProgress_FasterThanAnEyeFollows_KeepsTheFirstAndTheLast()
    {
        _events.OnProgress(CampaignPhase.Calibrate, 0, 100, "begins");
        _events.OnProgress(CampaignPhase.Calibrate, 1, 100, "too soon");
        Assert.Equal("begins", await LastMessage());

        _events.OnProgress(CampaignPhase.Calibrate, 100, 100, "ends");
        Assert.Equal("ends", await LastMessage());
    }

    [Fact]
    public async Task OnProgress_LaterOn_SaysHowMuchIsLeft()
    {
        _events.OnProgress(CampaignPhase.Calibrate, 0, 100, "begins");
        _time.Advance(TimeSpan.FromSeconds(10));
        _events.OnProgress(CampaignPhase.Calibrate, 50, 100, "half");

        CampaignEvent last = (await Seen())[^1];
        Assert.Equal(TimeSpan.FromSeconds(10), last.Progress.PhaseRemaining.ToTimeSpan());
        Assert.Equal(_time.GetUtcNow(), last.Time.ToDateTimeOffset());
    }

    [Fact]
    public void Phase_BeforeAnythingRan_IsQueued()
    {
        Assert.Equal(CampaignPhase.Queued, _events.Phase);
        _events.OnProgress(CampaignPhase.Open, 0, 1, "opens");
        Assert.Equal(CampaignPhase.Open, _events.Phase);
    }

    private async Task<string> LastMessage() => (await Seen())[^1].Progress.Message;

    private async Task<List<CampaignEvent>> Seen()
    {
        List<CampaignEvent> seen = [];
        using var stop = new CancellationTokenSource();
        IAsyncEnumerator<CampaignEvent> watcher = _history.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        Task<bool> next = watcher.MoveNextAsync().AsTask();
        while (next.IsCompleted)
        {
            seen.Add(watcher.Current);
            next = watcher.MoveNextAsync().AsTask();
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        return seen;
    }
}
