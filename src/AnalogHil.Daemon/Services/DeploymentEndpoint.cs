using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Deployments;
using AnalogHil.Daemon.Enforcement;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.DeploymentService.</summary>
internal sealed class DeploymentEndpoint(
    BenchDirectory directory, DeviceSessions sessions, NetworkStager stager, DeploymentValidation validation, DeviceJournal journal, OperationLedger operations)
    : DeploymentService.DeploymentServiceBase
{
    /// <inheritdoc/>
    public override Task<StageResponse> Stage(StageRequest request, ServerCallContext context) => ChangeAsync(request.Bench, context, async session =>
    {
        await stager.StageAsync(session, request, context.Caller().Name, context.CancellationToken).ConfigureAwait(false);
        RedundancySettings active = await session.Device.ReadBackAsync(SettingsBank.Active, CancellationToken.None).ConfigureAwait(false);
        return new StageResponse { Deployment = Describe(session, session.Network, active.Hash()) };
    });

    /// <inheritdoc/>
    public override Task<CommitResponse> Commit(CommitRequest request, ServerCallContext context) => ChangeAsync(request.Bench, context, async session =>
    {
        StagedPlan plan = session.Network?.Staged
            ?? throw new CampaignException(ErrorReason.Stale, $"bench {request.Bench}: no plan of this session is staged; stage it first");
        string staged = (await session.Device.ReadBackAsync(SettingsBank.Staged, context.CancellationToken).ConfigureAwait(false)).Hash();
        if (request.ExpectedHash != plan.Hash || plan.SettingsHash != staged)
        {
            string found = plan.SettingsHash == staged ? plan.Hash : staged;
            throw new CampaignException(
                ErrorReason.Stale,
                $"bench {request.Bench}: {found} is staged, {request.ExpectedHash} was expected; stage again and decide anew");
        }

        StagedNetwork after = session.Network! with { Active = plan, Previous = session.Network.Active, Staged = null };
        CommitResponse Reply(string active) => new() { Deployment = Describe(session, after, active) };
        await SettingsChange.CommitAsync(session, staged, CallOrigin.ActorOf(context), journal, Reply).ConfigureAwait(false);
        session.Network = after;
        return Reply(staged);
    });

    /// <inheritdoc/>
    public override Task<RollbackResponse> Rollback(RollbackRequest request, ServerCallContext context) => ChangeAsync(request.Bench, context, async session =>
    {
        StagedNetwork? before = session.Network;
        RollbackResponse Reply(string active) => new() { Deployment = Describe(session, before?.RolledBack(active), active) };
        string restored = await SettingsChange.RollBackAsync(session, CallOrigin.ActorOf(context), journal, Reply).ConfigureAwait(false);
        session.Network = before?.RolledBack(restored);
        return Reply(restored);
    });

    /// <inheritdoc/>
    public override Task<Operation> Validate(ValidateRequest request, ServerCallContext context) => Reply.FromAsync(request.Bench, async () =>
    {
        if (operations.Of(CallOrigin.Of(context)) is { } made)
        {
            return made.ToMessage();
        }

        DeviceSession session = sessions.Require(directory.Locate(request.Bench));
        IOperation operation = await validation.StartAsync(
            session, request, CallOrigin.Of(context), CallOrigin.RightOf(context), context.CancellationToken).ConfigureAwait(false);
        return operation.ToMessage();
    });

    private Task<T> ChangeAsync<T>(string bench, ServerCallContext context, Func<DeviceSession, Task<T>> change) => Reply.FromAsync(bench, async () =>
    {
        DeviceSession session = sessions.Require(directory.Locate(bench));
        return await session.InTurnAsync(async () =>
        {
            await journal.SettleAsync(session.Path).ConfigureAwait(false);
            return await change(session).ConfigureAwait(false);
        }, context.CancellationToken).ConfigureAwait(false);
    });

    private static Deployment Describe(DeviceSession session, StagedNetwork? network, string active)
    {
        var deployment = new Deployment
        {
            Bench = Path.GetFileNameWithoutExtension(session.Path),
            ModelSha256 = network?.ModelSha256 ?? "",
            ActiveHash = active,
            StagedHash = network?.Staged?.Hash ?? "",
            Blocks = session.Blocks.Count,
            Programmed = network is { Active: null, Previous: null },
            ActivePlanHash = network?.Active is { } inForce && inForce.SettingsHash == active ? inForce.Hash : "",
        };
        if ((network?.Staged ?? network?.Active) is { } shown)
        {
            deployment.Layers.AddRange(shown.Plan.ToMessages());
            deployment.Notes.AddRange(shown.Notes);
        }

        return deployment;
    }
}
