using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Models;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Ledger;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Operations;

public sealed class CampaignIntakeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly BenchLedger _benches = new();
    private readonly OperationLedger _operations = new(new FakeTime(), endedKept: 1);
    private readonly CampaignQueue _queue = new(limit: 1);
    private readonly FakeFactory _factory = new(_ => Task.FromResult(new RunResponse()));
    private readonly CampaignIntake _intake;
    private readonly LedgerStore _store;

    public CampaignIntakeTests()
    {
        File.WriteAllText(_directory["a.json"], "{}");
        File.WriteAllText(_directory["b.json"], "{}");
        var options = new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = _directory.Location, StateDirectory = _directory["state"] };
        var reader = new RequestReader(new BenchDirectory(options, _benches), new ModelShelf(new StateDirectory(options), TimeProvider.System));
        _store = LedgerStore.Open(new LedgerOptions { Directory = _directory["ledger"] });
        _intake = new CampaignIntake(reader, _factory, _operations, _benches, _queue, new DriveRights(_store.Leases));
    }

    [Fact]
    public void Start_GoodRequest_HoldsTheBenchAndKeepsTheRequest()
    {
        CampaignOperation operation = Start("a");

        Assert.Equal(operation.Name, _benches.HolderOf(_directory["a.json"]));
        Assert.Equal(operation.Request, SavedRequest.Read(_directory["a"]));
        Assert.Same(operation, _operations.Get(operation.Name));
        Assert.False(operation.ToMessage().Done);
    }

    [Fact]
    public void Start_MoreThanMayWait_IsRefusedAndLeavesNothing()
    {
        Start("a");

        CampaignException refused = Assert.Throws<CampaignException>(() => Start("b"));

        Assert.Equal(ErrorReason.QueueFull, refused.Reason);
        Assert.Contains("1 campaigns wait already, which is the limit", refused.Message, StringComparison.Ordinal);
        Assert.Null(_benches.HolderOf(_directory["b.json"]));
        Assert.False(Directory.Exists(_directory["b"]));
        Assert.Single(_operations.All);
    }

    [Fact]
    public void Start_InputsAreBad_BenchIsFreeAgain()
    {
        _factory.Refuses = new CampaignException(ErrorReason.ModelInvalid, "damaged");

        Assert.Throws<CampaignException>(() => Start("a"));

        Assert.Null(_benches.HolderOf(_directory["a.json"]));
        Assert.False(Directory.Exists(_directory["a"]));
        Assert.Empty(_operations.All);
    }

    [Fact]
    public void Start_RefusedInADirectoryOfTheUser_LeavesTheDirectoryAsItWas()
    {
        Directory.CreateDirectory(_directory["a"]);
        _queue.Close();

        Assert.Throws<CampaignException>(() => Start("a"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory["a"]));
    }

    [Fact]
    public void Start_AnotherCampaignWritesThere_IsRefusedAndTouchesNothing()
    {
        CampaignOperation first = Start("a");
        RunRequest asked = Asked("b");
        asked.OutputDirectory = _directory["a"];
        asked.Resume = true;
        asked.Bench = "a";
        asked.WaitForBench = true;

        CampaignException refused = Assert.Throws<CampaignException>(() => _intake.Start(asked, OperationOrigin.Daemon, null, CancellationToken.None));

        Assert.Equal(ErrorReason.NotResumable, refused.Reason);
        Assert.Contains("another campaign writes into", refused.Message, StringComparison.Ordinal);
        Assert.Equal(first.Request, SavedRequest.Read(_directory["a"]));
        Assert.True(File.Exists(Path.Combine(_directory["a"], RecordLock.FileName)));
    }

    [Fact]
    public void Take_TwoNewCampaignsFoundTheDirectoryEmpty_SecondIsRefusedAndTheFirstOnesFilesStay()
    {
        CampaignRequest request = Campaigns.Request(_directory["new/record"]);
        using (RecordLock first = RecordLock.Take(request))
        {
            SavedRequest.Write(request);
            CampaignException refused = Assert.Throws<CampaignException>(() => RecordLock.Take(request));
            Assert.Equal(ErrorReason.RequestInvalid, refused.Reason);
        }

        Assert.Equal([SavedRequest.FileName], Directory.EnumerateFileSystemEntries(request.OutputDirectory).Select(Path.GetFileName));
        Assert.Throws<CampaignException>(() => RecordLock.Take(request));
        Assert.Equal(request, SavedRequest.Read(request.OutputDirectory));
        RecordLock.Take(request with { Resume = true }).Dispose();

        AnalogHil.Daemon.Records.RecordFiles.Discard(request.OutputDirectory);
        RecordLock.Take(request).Dispose();
        Assert.True(Directory.Exists(request.OutputDirectory));
    }

    [Fact]
    public void Take_DirectoriesWereMadeAndNothingWritten_AreTakenAwayAgain()
    {
        RecordLock.Take(Campaigns.Request(_directory["new/record"])).Dispose();

        Assert.False(Directory.Exists(_directory["new"]));
        Assert.True(Directory.Exists(_directory.Location));
    }

    [Fact]
    public void Start_ClientGaveUpWhileInputsWereRead_StartsNothing()
    {
        using var gone = new CancellationTokenSource();
        _factory.WhilePreparing = gone.Cancel;

        Assert.Throws<OperationCanceledException>(() => _intake.Start(Asked("a"), OperationOrigin.Daemon, null, gone.Token));

        Assert.Null(_benches.HolderOf(_directory["a.json"]));
        Assert.False(Directory.Exists(_directory["a"]));
        Assert.Empty(_operations.All);
    }

    [Fact]
    public void Start_DaemonIsStopping_SaysSo()
    {
        _queue.Close();

        CampaignException refused = Assert.Throws<CampaignException>(() => Start("a"));

        Assert.Contains("is stopping", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ManyOperationsEnded_OldestAreForgotten()
    {
        CampaignOperation[] operations = [.. Enumerable.Range(0, 3).Select(_ => Create())];
        foreach (CampaignOperation operation in operations)
        {
            operation.Complete(new RunResponse());
        }

        CampaignOperation running = Create();

        Assert.Equal([operations[2], running], _operations.All);
        Assert.True(operations[0].ToMessage().Done);
        CampaignException unknown = Assert.Throws<CampaignException>(() => _operations.Get(operations[0].Name));
        Assert.Equal(ErrorReason.NotFound, unknown.Reason);
    }

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    private CampaignOperation Create() => (CampaignOperation)_operations.CreateCampaign(Campaigns.Request(), new RunRequest(), OperationOrigin.Daemon).Operation;

    private CampaignOperation Start(string bench) => (CampaignOperation)_intake.Start(Asked(bench), OperationOrigin.Daemon, null, CancellationToken.None);

    private RunRequest Asked(string bench) => new() { Bench = bench, Model = "/m.onnx", Data = "/images", OutputDirectory = _directory[bench] };
}
