using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Tests.Fakes;
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

    public CampaignIntakeTests()
    {
        File.WriteAllText(_directory["a.json"], "{}");
        File.WriteAllText(_directory["b.json"], "{}");
        var reader = new RequestReader(new BenchDirectory(
            new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = _directory.Location }, _benches));
        _intake = new CampaignIntake(reader, _factory, _operations, _benches, _queue);
    }

    [Fact]
    public void Start_GoodRequest_HoldsTheBenchAndKeepsTheRequest()
    {
        CampaignOperation operation = _intake.Start(Asked("a"));

        Assert.Equal(operation.Name, _benches.HolderOf(_directory["a.json"]));
        Assert.Equal(operation.Request, SavedRequest.Read(_directory["a"]));
        Assert.Same(operation, _operations.Get(operation.Name));
        Assert.False(operation.ToMessage().Done);
    }

    [Fact]
    public void Start_MoreThanMayWait_IsRefusedAndLeavesNothing()
    {
        _intake.Start(Asked("a"));

        CampaignException refused = Assert.Throws<CampaignException>(() => _intake.Start(Asked("b")));

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

        Assert.Throws<CampaignException>(() => _intake.Start(Asked("a")));

        Assert.Null(_benches.HolderOf(_directory["a.json"]));
        Assert.False(Directory.Exists(_directory["a"]));
        Assert.Empty(_operations.All);
    }

    [Fact]
    public void Start_DaemonIsStopping_SaysSo()
    {
        _queue.Close();

        CampaignException refused = Assert.Throws<CampaignException>(() => _intake.Start(Asked("a")));

        Assert.Contains("is stopping", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ManyOperationsEnded_OldestAreForgotten()
    {
        CampaignOperation[] operations = [.. Enumerable.Range(0, 3).Select(_ => _operations.Create(Campaigns.Request()))];
        foreach (CampaignOperation operation in operations)
        {
            operation.Complete(new RunResponse());
        }

        CampaignOperation running = _operations.Create(Campaigns.Request());

        Assert.Equal([operations[2], running], _operations.All);
        CampaignException unknown = Assert.Throws<CampaignException>(() => _operations.Get(operations[0].Name));
        Assert.Equal(ErrorReason.NotFound, unknown.Reason);
    }

    public void Dispose() => _directory.Dispose();

    private RunRequest Asked(string bench) => new() { Bench = bench, Model = "/m.onnx", Data = "/images", OutputDirectory = _directory[bench] };
}
