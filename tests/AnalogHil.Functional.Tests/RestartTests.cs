using AnalogHil.Daemon.Campaign.Verdicts;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Functional.Tests;

/// <summary>Operations over restarts of the daemon: a second daemon on the same state directory.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Resume_CampaignInterruptedByAStop_GoesOnUnderItsNameAtItsStep()
    {
        RunRequest request = _daemon.Quick("record");
        _daemon.HoldAt(CampaignPhase.Learn);
        Operation operation = await _daemon.Campaigns.RunAsync(request);
        await _daemon.ReachAsync(operation, CampaignPhase.Learn);

        await _daemon.RestartAsync();
        Operation waiting = await _daemon.Operations.GetOperationAsync(new GetOperationRequest { Name = operation.Name });
        Assert.False(waiting.Done);
        RunMetadata metadata = waiting.Metadata.Unpack<RunMetadata>();
        Assert.True(metadata.Interrupted);
        CampaignEvent note = await _daemon.WaitForAsync(operation, _ => true);
        Assert.Contains($"hil campaign resume {operation.Name}", note.Note.Message, StringComparison.Ordinal);

        Operation resumed = await _daemon.Campaigns.ResumeAsync(new ResumeRequest { Name = operation.Name, Mutation = TestDaemon.NewRequest() });
        Assert.Equal(operation.Name, resumed.Name);
        List<CampaignEvent> seen = [];
        await _daemon.WaitForAsync(resumed, happened =>
        {
            seen.Add(happened);
            return false;
        });

        Assert.Equal(CampaignEvent.KindOneofCase.Result, seen[^1].KindCase);
        Assert.Contains(seen, happened => happened.Note?.Message.StartsWith("calibrate: taken from the record", StringComparison.Ordinal) == true);
        CampaignRecord record = RecordWriter.Read(request.OutputDirectory);
        Assert.Equal((RecordStatus.Complete, 1), (record.Status, record.Provenance.Resumptions));
        Operation ended = await _daemon.Operations.GetOperationAsync(new GetOperationRequest { Name = operation.Name });
        Assert.Equal(1, ended.Metadata.Unpack<RunMetadata>().Resumptions);

        await _daemon.RestartAsync();
        Operation kept = await _daemon.Operations.GetOperationAsync(new GetOperationRequest { Name = operation.Name });
        Assert.Equal(WireVerdict.Of(record), kept.Response.Unpack<RunResponse>().Verdict);
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(operation)).KindCase);
        RpcException complete = await Assert.ThrowsAsync<RpcException>(async () =>
            await _daemon.Campaigns.ResumeAsync(new ResumeRequest { Name = operation.Name, Mutation = TestDaemon.NewRequest() }));
        Assert.Equal(ErrorReason.NotResumable, ErrorStatus.ReasonOf(complete.GetRpcStatus()!));
    }

    [Fact]
    public async Task Run_AskedToResumeAfterARestart_GoesOnByItself()
    {
        RunRequest request = await _daemon.QuickAsync("record");
        request.ResumeAfterRestart = true;
        _daemon.HoldAt(CampaignPhase.Learn);
        Operation operation = await _daemon.Campaigns.RunAsync(request);
        await _daemon.ReachAsync(operation, CampaignPhase.Learn);

        await _daemon.RestartAsync();
        CampaignEvent end = await _daemon.EndAsync(operation);

        Assert.True(end.KindCase == CampaignEvent.KindOneofCase.Result, end.Error?.Message);
        Assert.Equal(1, RecordWriter.Read(request.OutputDirectory).Provenance.Resumptions);
    }

    [Fact]
    public async Task Run_TheSameRequestTwiceAndAfterARestart_IsOneCampaign()
    {
        RunRequest request = await _daemon.QuickAsync("record");
        _daemon.HoldAt(CampaignPhase.Calibrate);
        Operation first = await _daemon.Campaigns.RunAsync(request);
        Operation again = await _daemon.Campaigns.RunAsync(request);
        await _daemon.RestartAsync();
        Operation later = await _daemon.Campaigns.RunAsync(request);

        Assert.Equal(first, again);
        Assert.Equal(first, later);
        Assert.Single((await _daemon.Operations.ListOperationsAsync(new ListOperationsRequest())).Operations);
        await _daemon.Operations.CancelOperationAsync(new CancelOperationRequest { Name = first.Name });
    }
}
