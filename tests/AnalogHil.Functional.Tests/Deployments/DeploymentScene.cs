using AnalogHil.V1;
using Google.LongRunning;

namespace AnalogHil.Functional.Tests.Deployments;

/// <summary>A daemon with a simulated crossbar, and the steps of a deployment as a client asks for them.</summary>
public abstract class DeploymentScene : IAsyncLifetime
{
    private protected const string Bench = "crossbar";

    // As many as the whole test set: all that nothing was chosen on.
    private protected const int AllImages = 1000;

    private protected TestDaemon Daemon { get; private set; } = null!;

    private protected DeploymentService.DeploymentServiceClient Deployments { get; private set; } = null!;

    private protected DeviceService.DeviceServiceClient Devices { get; private set; } = null!;

    private protected PrecisionService.PrecisionServiceClient Plans { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Daemon = await TestDaemon.StartAsync();
        Deployments = new DeploymentService.DeploymentServiceClient(Daemon.Invoker);
        Devices = new DeviceService.DeviceServiceClient(Daemon.Invoker);
        Plans = new PrecisionService.PrecisionServiceClient(Daemon.Invoker);
    }

    public async Task DisposeAsync() => await Daemon.DisposeAsync();

    private protected async Task<IReadOnlyList<AuditRecord>> ChangesAsync() =>
    [
        .. (await new AuditService.AuditServiceClient(Daemon.Invoker).ListAuditEntriesAsync(new ListAuditEntriesRequest { PageSize = 200 })).Entries
            .Where(entry => entry.Action.StartsWith("intent.", StringComparison.Ordinal)),
    ];

    // What clients had done to the device.
    private protected async Task<string[]> OwnChangesAsync() =>
        [.. (await ChangesAsync()).Where(entry => entry.Actor.StartsWith("uid:", StringComparison.Ordinal)).Select(entry => entry.Detail.Split(", ")[1])];

    private protected async Task<StageResponse> StagedAsync(Action<StageRequest> with, string bench = Bench)
    {
        var request = new StageRequest { Bench = bench, Mutation = await Daemon.MutationAsync(bench), Record = Daemon["record"] };
        with(request);
        return await Deployments.StageAsync(request);
    }

    private protected async Task<Deployment> StageAsync(int? repeats, string? plan = null)
    {
        var request = new StageRequest { Bench = Bench, Mutation = await Daemon.MutationAsync(Bench), Record = Daemon["record"] };
        if (repeats is { } uniform)
        {
            request.UniformRepeats = uniform;
        }
        else if (plan is not null)
        {
            request.PlanName = plan;
        }

        return (await Deployments.StageAsync(request)).Deployment;
    }

    private protected async Task<Deployment> CommitAsync(string hash, string bench = Bench) =>
        (await Deployments.CommitAsync(new CommitRequest { Bench = bench, Mutation = await Daemon.MutationAsync(bench), ExpectedHash = hash })).Deployment;

    private protected async Task<ValidateResponse> ValidateAsync(Action<ValidateRequest>? with = null, string bench = Bench)
    {
        var request = new ValidateRequest { Bench = bench, Mutation = await Daemon.MutationAsync(bench), MaxDropPoints = 20, MaxImages = 200 };
        with?.Invoke(request);
        Operation operation = await Deployments.ValidateAsync(request);
        operation = await Daemon.Operations.WaitOperationAsync(new WaitOperationRequest { Name = operation.Name });
        Assert.Equal("validate", operation.Metadata.Unpack<OperationMetadata>().Kind);
        Assert.True(operation.Error is null, operation.Error?.Message);
        return operation.Response.Unpack<ValidateResponse>();
    }
}
