using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Journal;
using AnalogHil.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AnalogHil.Daemon.Tests.Operations;

public sealed class CampaignWorkerTests : IAsyncLifetime, IDisposable
{
    private const int Limit = 2;
    private const string Bench = "/benches/a.json";

    private readonly BenchLedger _benches = new();
    private readonly CampaignQueue _queue = new(Limit);
    private readonly StillLife _life = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly LedgerStore _store;
    private readonly DeviceReconciler _reconciler;
    private readonly CampaignWorker _worker;

    public CampaignWorkerTests()
    {
        var options = new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = "/benches", ConcurrentCampaigns = 1 };
        _store = LedgerStore.Open(new LedgerOptions { Directory = _directory["ledger"] });
        _reconciler = new DeviceReconciler(new DeviceRoll(TimeProvider.System), options, TimeProvider.System);
        _worker = new CampaignWorker(
            _queue, _benches, new DeviceJournal(_store.Journal, _reconciler), options, _life, NullLogger<CampaignWorker>.Instance);
    }

    public Task InitializeAsync() => _worker.StartAsync(CancellationToken.None);

    public Task DisposeAsync() => _worker.StopAsync(CancellationToken.None);

    public void Dispose()
    {
        _worker.Dispose();
        _life.Dispose();
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Run_CampaignEnds_BenchIsFreeWhenItsEndIsSeen()
    {
        CampaignEvent end = await EndOf(Queue(_ => Task.FromResult(new RunResponse { Verdict = Verdict.Reject })));

        Assert.Equal(Verdict.Reject, end.Result.Verdict);
        Assert.Null(_benches.HolderOf(Bench));
    }

    [Theory]
    [InlineData(DeviceJournal.CommitKind, false)]
    [InlineData(DeviceJournal.ProgramKind, true)]
    public async Task Run_ChangeOfItsBenchIsOfUnknownOutcome_RunsOnlyWhereItOverwritesIt(string kind, bool runs)
    {
        // Nobody answers behind this bench file, so that reading back settles nothing.
        CampaignRequest request = Campaigns.Request(_directory["record"]);
        Directory.CreateDirectory(request.OutputDirectory);
        SavedRequest.Write(request);
        await Assert.ThrowsAsync<LedgerException>(() => _store.Journal.PerformAsync(
            new IntentDraft(request.BenchFile, 7, kind, "uid:7", "boot"u8.ToArray()), () => throw new TimeoutException("no answer"), _reconciler));

        CampaignEvent end = await EndOf(Queue(_ => Task.FromResult(new RunResponse { Verdict = Verdict.Accept }), request));

        Assert.Equal(runs ? CampaignEvent.KindOneofCase.Result : CampaignEvent.KindOneofCase.Error, end.KindCase);
        Assert.True(runs || ErrorStatus.ReasonOf(end.Error) == ErrorReason.OutcomeUnknown, end.ToString());
        Assert.Null(_benches.HolderOf(request.BenchFile));

        // What was refused may be asked for again in the same place.
        Assert.Equal(runs, File.Exists(Path.Combine(request.OutputDirectory, SavedRequest.FileName)));
    }

    [Fact]
    public async Task Run_CampaignThrowsSomethingUnexpected_IsADefectAndTheNextOneRuns()
    {
        CampaignEvent end = await EndOf(Queue(_ => throw new InvalidOperationException("index 7")));
        CampaignEvent next = await EndOf(Queue(_ => Task.FromResult(new RunResponse { Verdict = Verdict.Accept })));

        Assert.Equal(ErrorReason.Internal, ErrorStatus.ReasonOf(end.Error));
        Assert.Equal(Verdict.Accept, next.Result.Verdict);
    }

    [Fact]
    public async Task Cancel_WhileItWaitsForItsBench_EndsItWithoutRunning()
    {
        var release = new TaskCompletionSource<RunResponse>();
        CampaignOperation first = Queue(_ => release.Task);
        bool ran = false;
        CampaignOperation second = Queue(_ =>
        {
            ran = true;
            return Task.FromResult(new RunResponse());
        });

        await second.CancelAsync();
        CampaignEvent end = await EndOf(second);
        release.SetResult(new RunResponse { Verdict = Verdict.Accept });

        Assert.Equal(ErrorReason.Cancelled, ErrorStatus.ReasonOf(end.Error));
        Assert.Equal(Verdict.Accept, (await EndOf(first)).Result.Verdict);
        Assert.False(ran);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Stop_WhileItWaits_LeavesNothingOfANewCampaignAndAllOfAResumedOne(bool resumed, bool daemonStops)
    {
        using var directory = new TemporaryDirectory();
        CampaignRequest request = Campaigns.Request(directory["record"], resumed);
        Directory.CreateDirectory(request.OutputDirectory);
        SavedRequest.Write(request);
        var release = new TaskCompletionSource<RunResponse>();
        CampaignOperation first = Queue(_ => release.Task);
        CampaignOperation waiting = Queue(_ => Task.FromResult(new RunResponse()), request);

        if (daemonStops)
        {
            _life.StopApplication();
        }
        else
        {
            await waiting.CancelAsync();
        }

        Assert.Equal(ErrorReason.Cancelled, ErrorStatus.ReasonOf((await EndOf(waiting)).Error));
        Assert.Equal(resumed, File.Exists(Path.Combine(request.OutputDirectory, SavedRequest.FileName)));
        release.SetResult(new RunResponse { Verdict = Verdict.Accept });
        await EndOf(first);
    }

    [Fact]
    public async Task TryAdd_OneRunsAndTheLimitWaits_RefusesOneMoreUntilATurnComes()
    {
        var release = new TaskCompletionSource<RunResponse>();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CampaignOperation running = Queue(_ =>
        {
            begun.SetResult();
            return release.Task;
        });
        await begun.Task;
        CampaignOperation[] waiting = [.. Enumerable.Range(0, Limit).Select(_ => Queue(_ => Task.FromResult(new RunResponse())))];

        bool accepted = _queue.TryAdd(Waiting(out _, _ => Task.FromResult(new RunResponse())));
        release.SetResult(new RunResponse { Verdict = Verdict.Accept });

        Assert.False(accepted);
        foreach (CampaignOperation operation in waiting.Append(running))
        {
            Assert.Equal(CampaignEvent.KindOneofCase.Result, (await EndOf(operation)).KindCase);
        }

        await EndOf(Queue(_ => Task.FromResult(new RunResponse())));
    }

    [Fact]
    public async Task Run_CampaignEnds_ItsRecordIsFreeWhenItsEndIsSeen()
    {
        var hold = new Hold();
        QueuedCampaign campaign = Waiting(out CampaignOperation operation, _ => Task.FromResult(new RunResponse { Verdict = Verdict.Accept }));
        Assert.True(_queue.TryAdd(campaign with { Record = hold }));

        await EndOf(operation);

        Assert.Equal(1, hold.Released);
    }

    [Fact]
    public async Task ApplicationStopping_CampaignRuns_IsCancelledBeforeTheWorkerIsStopped()
    {
        var begun = new TaskCompletionSource();
        CampaignOperation operation = Queue(async token =>
        {
            begun.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                throw new CampaignException(ErrorReason.Cancelled, "safe");
            }

            return new RunResponse();
        });
        await begun.Task;

        _life.StopApplication();

        Assert.Equal("safe", (await EndOf(operation)).Error.Message);
    }

    private CampaignOperation Queue(Func<CancellationToken, Task<RunResponse>> run, CampaignRequest? request = null)
    {
        Assert.True(_queue.TryAdd(Waiting(out CampaignOperation operation, run, request)));
        return operation;
    }

    private static QueuedCampaign Waiting(
        out CampaignOperation operation, Func<CancellationToken, Task<RunResponse>> run, CampaignRequest? request = null)
    {
        operation = new CampaignOperation("operations/" + Guid.NewGuid(), request ?? Campaigns.Request(), TimeProvider.System, _ => { });
        return new QueuedCampaign(operation, new PreparedCampaign(run), new Hold(), Hold: null);
    }

    private static async Task<CampaignEvent> EndOf(CampaignOperation operation)
    {
        CampaignEvent? last = null;
        await foreach (CampaignEvent happened in operation.History.WatchAsync(CancellationToken.None))
        {
            last = happened;
        }

        return last!;
    }

    private sealed class Hold : IDisposable
    {
        public int Released { get; private set; }

        public void Dispose() => Released++;
    }

    private sealed class StillLife : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
