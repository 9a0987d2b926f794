using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Operations;

public sealed class EventHistoryTests
{
    private readonly EventHistory _history = new(new FakeTime());

    [Fact]
    public async Task WatchAsync_AfterTheEnd_ShowsEachPhaseOnceAndTheResultLast()
    {
        AddProgress(CampaignPhase.Calibrate, 1);
        AddProgress(CampaignPhase.Calibrate, 2);
        _history.Add(new CampaignEvent { Note = new Note { Message = "first" } });
        _history.Add(new CampaignEvent { Note = new Note { Message = "second" } });
        AddProgress(CampaignPhase.Learn, 1);
        _history.Add(new CampaignEvent { Result = new RunResponse { Verdict = Verdict.Accept } });

        List<CampaignEvent> seen = await WatchAll();

        Assert.Equal(
            ["Progress Calibrate 2", "Note first", "Note second", "Progress Learn 1", "Result"], seen.Select(Describe));
        Assert.Equal([2, 3, 4, 5, 6], seen.Select(happened => happened.Sequence));
    }

    [Fact]
    public async Task WatchAsync_WhileThingsHappen_ShowsThemAsTheyCome()
    {
        await using IAsyncEnumerator<CampaignEvent> watcher = _history.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        Task<bool> waiting = watcher.MoveNextAsync().AsTask();
        Assert.False(waiting.IsCompleted);

        AddProgress(CampaignPhase.Open, 1);

        Assert.True(await waiting);
        Assert.Equal("Progress Open 1", Describe(watcher.Current));
        waiting = watcher.MoveNextAsync().AsTask();
        _history.Add(new CampaignEvent { Error = new Google.Rpc.Status { Code = 1 } });
        Assert.True(await waiting);
        Assert.False(await watcher.MoveNextAsync());
    }

    [Fact]
    public async Task WatchAsync_PlanSoFarThenChosen_OnlyTheSearchedOneIsReplaced()
    {
        _history.Add(Plan(chosen: false, 8));
        _history.Add(Plan(chosen: false, 6));
        _history.Add(Plan(chosen: true, 5));
        _history.Add(new CampaignEvent { Result = new RunResponse() });

        List<CampaignEvent> seen = await WatchAll();

        Assert.Equal([5.0], seen.Where(happened => happened.Repeats is not null).Select(happened => happened.Repeats.Layers[0].Repeats));
    }

    [Fact]
    public async Task WatchAsync_Cancelled_EndsTheWatchOnly()
    {
        using var stop = new CancellationTokenSource();
        Task<List<CampaignEvent>> watch = WatchAll(stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
        AddProgress(CampaignPhase.Open, 1);
        Assert.Null(_history.Last);
    }

    [Fact]
    public void Add_AfterTheEnd_IsRefused()
    {
        _history.Add(new CampaignEvent { Result = new RunResponse() });

        Assert.Throws<InvalidOperationException>(() => AddProgress(CampaignPhase.Open, 1));
    }

    private void AddProgress(CampaignPhase phase, long done) =>
        _history.Add(new CampaignEvent { Progress = new Progress { Phase = phase, Done = done } });

    private static CampaignEvent Plan(bool chosen, double repeats) =>
        new() { Repeats = new LayerRepeats { Chosen = chosen, Layers = { new LayerRepeat { Name = "fc1", Repeats = repeats } } } };

    private async Task<List<CampaignEvent>> WatchAll(CancellationToken cancellationToken = default)
    {
        List<CampaignEvent> seen = [];
        await foreach (CampaignEvent happened in _history.WatchAsync(cancellationToken))
        {
            seen.Add(happened);
        }

        return seen;
    }

    private static string Describe(CampaignEvent happened) => happened.KindCase switch
    {
        CampaignEvent.KindOneofCase.Progress => $"Progress {happened.Progress.Phase} {happened.Progress.Done}",
        CampaignEvent.KindOneofCase.Note => $"Note {happened.Note.Message}",
        _ => happened.KindCase.ToString(),
    };
}
