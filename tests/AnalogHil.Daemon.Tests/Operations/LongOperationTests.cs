using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;
using Google.LongRunning;

namespace AnalogHil.Daemon.Tests.Operations;

public sealed class LongOperationTests
{
    private readonly FakeTime _time = new();
    private readonly List<Operation> _kept = [];
    private readonly LongOperation _operation;

    public LongOperationTests() => _operation = new LongOperation("operations/1", "learn", "/b.json", one => _kept.Add(one.ToMessage()), _time);

    [Fact]
    public async Task WatchAsync_WatcherIsSlow_SeesTheNewestStateAndTheEnd()
    {
        _operation.Report("search", 1, 10, "one");
        await using IAsyncEnumerator<Operation> watcher = _operation.WatchAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await watcher.MoveNextAsync());
        Assert.Equal(1, MetadataOf(watcher.Current).Done);

        _operation.Report("search", 2, 10, "two");
        _operation.Report("search", 3, 10, "three");
        Assert.True(await watcher.MoveNextAsync());
        Assert.Equal((3, "three"), (MetadataOf(watcher.Current).Done, MetadataOf(watcher.Current).Message));

        _operation.Complete(new LearnResponse());
        Assert.True(await watcher.MoveNextAsync());
        Assert.True(watcher.Current.Done);
        Assert.False(await watcher.MoveNextAsync());
    }

    [Fact]
    public void Report_ManyOfOnePhase_KeepsTheFirstAndTheEnd()
    {
        for (int i = 0; i < 100; i++)
        {
            _operation.Report("search", i, 100, "on");
        }

        _operation.Report("certify", 0, 1, "on");
        _operation.Fail(new CampaignException(ErrorReason.DataInvalid, "too few"));

        Assert.Equal(["search", "certify", "certify"], _kept.Select(operation => MetadataOf(operation).Phase));
        Assert.Equal("too few", _kept[^1].Error.Message);
    }

    [Fact]
    public async Task CancelAsync_OnceEnded_ChangesNothing()
    {
        await _operation.CancelAsync();
        Assert.True(_operation.Cancelled.IsCancellationRequested);
        Assert.True(MetadataOf(_operation.ToMessage()).CancelRequested);

        var ended = new LongOperation("operations/2", "learn", "", _ => { }, _time);
        ended.Complete(new LearnResponse());
        await ended.CancelAsync();
        Assert.False(MetadataOf(ended.ToMessage()).CancelRequested);
        Assert.Throws<InvalidOperationException>(() => ended.Complete(new LearnResponse()));
    }

    private static OperationMetadata MetadataOf(Operation operation) => operation.Metadata.Unpack<OperationMetadata>();
}
