using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Functional.Tests;

/// <summary>A network onto a device step by step, with the calibration of a campaign before it.</summary>
public sealed class DeploymentTests : IAsyncLifetime
{
    private const string Bench = "crossbar";

    private TestDaemon _daemon = null!;
    private DeploymentService.DeploymentServiceClient _deployments = null!;
    private DeviceService.DeviceServiceClient _devices = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _deployments = new DeploymentService.DeploymentServiceClient(_daemon.Invoker);
        _devices = new DeviceService.DeviceServiceClient(_daemon.Invoker);
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task StageCommitValidateRollback_AfterACampaign_GoesStepByStepAndBack()
    {
        Operation campaign = await _daemon.Campaigns.RunAsync(await _daemon.QuickAsync("record"));
        Assert.Equal(CampaignEvent.KindOneofCase.Result, (await _daemon.EndAsync(campaign)).KindCase);
        RpcException closed = await Assert.ThrowsAsync<RpcException>(() => StageAsync(1));
        Assert.Equal(ErrorReason.NotArmed, ErrorStatus.ReasonOf(closed.GetRpcStatus()!));
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });

        Deployment low = await StageAsync(1);
        Assert.Equal(64, low.StagedHash.Length);
        Assert.NotEqual(low.StagedHash, low.ActiveHash);
        Assert.All(low.Layers, layer => Assert.Equal(1, layer.Repeats));
        RpcException stale = await Assert.ThrowsAsync<RpcException>(() => CommitAsync(new string('0', 64)));
        Assert.Equal((StatusCode.Aborted, ErrorReason.Stale), (stale.StatusCode, ErrorStatus.ReasonOf(stale.GetRpcStatus()!)));
        Deployment inForce = await CommitAsync(low.StagedHash);
        Assert.Equal((low.StagedHash, ""), (inForce.ActiveHash, inForce.StagedHash));

        Deployment learned = await StageAsync(null);
        Assert.Equal(low.StagedHash, learned.ActiveHash);
        Deployment second = await CommitAsync(learned.StagedHash);
        ValidateResponse found = await ValidateAsync();
        Assert.Equal(second.ActiveHash, found.SettingsHash);
        Assert.Equal(200, found.Drop.N);
        Assert.InRange(found.DeviceAccuracyPercent, 50, 100);
        Assert.NotEqual(Verdict.Reject, found.Verdict);
        Assert.False(found.RolledBack);

        Deployment back = (await _deployments.RollbackAsync(new RollbackRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) })).Deployment;
        Assert.Equal(low.StagedHash, back.ActiveHash);
        Settings read = (await _devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings;
        Assert.Equal(low.StagedHash, read.Etag);
    }

    [Fact]
    public async Task Validate_NothingInForceAndBadFields_IsRefused()
    {
        await _devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) });

        RpcException empty = await Assert.ThrowsAsync<RpcException>(async () =>
            await _deployments.ValidateAsync(new ValidateRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench) }));
        RpcException relative = await Assert.ThrowsAsync<RpcException>(async () =>
            await _deployments.StageAsync(new StageRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), Record = "here", UniformRepeats = 0 }));

        Assert.Equal(ErrorReason.NotArmed, ErrorStatus.ReasonOf(empty.GetRpcStatus()!));
        Assert.Equal(["record", "uniform_repeats"], ErrorStatus.FieldsOf(relative.GetRpcStatus()!).Select(field => field.Path));
    }

    private async Task<Deployment> StageAsync(int? repeats)
    {
        var request = new StageRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), Record = _daemon["record"] };
        if (repeats is { } uniform)
        {
            request.UniformRepeats = uniform;
        }

        return (await _deployments.StageAsync(request)).Deployment;
    }

    private async Task<Deployment> CommitAsync(string hash) =>
        (await _deployments.CommitAsync(new CommitRequest { Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), ExpectedHash = hash })).Deployment;

    private async Task<ValidateResponse> ValidateAsync()
    {
        Operation operation = await _deployments.ValidateAsync(new ValidateRequest
        {
            Bench = Bench, Mutation = await _daemon.MutationAsync(Bench), MaxDropPoints = 20, MaxImages = 200,
        });
        operation = await _daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = operation.Name });
        Assert.Equal("validate", operation.Metadata.Unpack<OperationMetadata>().Kind);
        Assert.True(operation.Error is null, operation.Error?.Message);
        return operation.Response.Unpack<ValidateResponse>();
    }
}
