using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;
using Google.LongRunning;

namespace AnalogHil.Daemon.Tests.Operations;

/// <summary>Operations over restarts of the daemon: every ledger here is a new life over the same store.</summary>
public sealed class OperationLedgerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LedgerStore _store;

    public OperationLedgerTests() => _store = LedgerStore.Open(new LedgerOptions { Directory = _directory["ledger"], Time = TimeProvider.System });

    [Fact]
    public void Restore_AnEndedOperation_IsAsItWas()
    {
        var before = (LongOperation)NewLife().Create("learn", "", new LearnRequest { Law = "thermal:0.01" }, OperationOrigin.Daemon);
        before.Report("search", 3, 10, "three of ten");
        before.Complete(new LearnResponse { Plan = new Plan { Name = "plans/x" } });

        OperationLedger after = NewLife();
        Assert.Empty(after.Restore());
        Operation operation = after.Get(before.Name).ToMessage();

        Assert.Equal(before.ToMessage(), operation);
        Assert.Equal("plans/x", operation.Response.Unpack<LearnResponse>().Plan.Name);
        Assert.Equal("search", operation.Metadata.Unpack<OperationMetadata>().Phase);
    }

    [Fact]
    public void Restore_ALearningThatTheDaemonDiedUnder_FailedAndSaysToStartAgain()
    {
        IOperation before = NewLife().Create("learn", "", new LearnRequest(), OperationOrigin.Daemon);

        OperationLedger after = NewLife();
        after.Restore();
        Operation operation = after.Get(before.Name).ToMessage();

        Assert.True(operation.Done);
        Assert.Equal(ErrorReason.Interrupted, ErrorStatus.ReasonOf(operation.Error));
        Assert.Contains("start it again", operation.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_ACalibrationThatTheDaemonDiedUnder_FailedAndSaysHowItGoesOn()
    {
        IOperation before = NewLife().Create(
            "calibrate", "/benches/small.json", new CalibrateRequest { OutputDirectory = "/measurements/monday" }, OperationOrigin.Daemon);

        OperationLedger after = NewLife();
        after.Restore();
        Google.Rpc.Status error = after.Get(before.Name).ToMessage().Error;

        Assert.Equal(ErrorReason.Interrupted, ErrorStatus.ReasonOf(error));
        Assert.EndsWith("calibrate again with resume and output_directory /measurements/monday", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("half-way", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_ARenewalAfterDriftThatTheDaemonDiedUnder_SaysThatTheWatchBeginsItAnew()
    {
        IOperation before = NewLife().Create("drift", "/benches/small.json", new CalibrateRequest(), OperationOrigin.Daemon);

        OperationLedger after = NewLife();
        after.Restore();

        Assert.EndsWith("begins it anew at its next time", after.Get(before.Name).ToMessage().Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_ACampaignThatTheDaemonDiedUnder_WaitsAndCanBeCancelled()
    {
        var request = Campaigns.Request();
        var asked = new RunRequest { ResumeAfterRestart = true, Mutation = new Mutation { Epoch = 7, Lease = "leases/7" } };
        (IOperation before, bool isNew) = NewLife().CreateCampaign(request, CampaignRequests.ToMessage(request, asked), new OperationOrigin("uid:7"));
        ((CampaignOperation)before).Events.OnProgress(CampaignPhase.Learn, 1, 2, "half");
        Assert.True(isNew);

        OperationLedger after = NewLife();
        (CampaignOperation campaign, RunRequest kept, string owner) = Assert.Single(after.Restore());

        Assert.Equal(("uid:7", 7L, true), (owner, kept.Mutation.Epoch, campaign.ResumesAfterRestart));
        Assert.Equal(request, campaign.Request);
        Assert.Same(campaign, after.Get(before.Name));
        RunMetadata metadata = campaign.ToMessage().Metadata.Unpack<RunMetadata>();
        Assert.True(metadata.Interrupted);
        Assert.False(campaign.IsDone);
        await campaign.CancelAsync();
        Assert.Equal(ErrorReason.Cancelled, ErrorStatus.ReasonOf(campaign.ToMessage().Error));
        OperationLedger third = NewLife();
        Assert.Empty(third.Restore());
        Assert.True(third.Get(before.Name).IsDone);
    }

    [Fact]
    public void Create_TheSameRequestAgain_IsTheSameOperation()
    {
        OperationLedger ledger = NewLife();
        var origin = new OperationOrigin("uid:7", new RequestKey("uid:7", Guid.NewGuid().ToString()));

        IOperation first = ledger.Create("learn", "", new LearnRequest(), origin);
        IOperation again = ledger.Create("learn", "", new LearnRequest(), origin);
        IOperation other = ledger.Create("learn", "", new LearnRequest(), origin with { RequestKey = new RequestKey("uid:8", origin.RequestKey!.Id) });

        Assert.Same(first, again);
        Assert.NotEqual(first.Name, other.Name);
        Assert.Equal(2, ledger.All.Count);
    }

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    private OperationLedger NewLife() => new(TimeProvider.System, endedKept: 10, _store.Operations);
}
