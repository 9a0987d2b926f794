using AnalogHil.Daemon.Operations;
using AnalogHil.V1;
using Google.LongRunning;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.CampaignService.</summary>
internal sealed class CampaignEndpoint(CampaignIntake intake, OperationLedger operations) : CampaignService.CampaignServiceBase
{
    /// <inheritdoc/>
    public override Task<Operation> Run(RunRequest request, ServerCallContext context) =>
        Reply.From(() => (operations.Of(CallOrigin.Of(context))
            ?? intake.Start(request, CallOrigin.Of(context), CallOrigin.RightOf(context), context.CancellationToken)).ToMessage());

    /// <inheritdoc/>
    public override Task<Operation> Resume(ResumeRequest request, ServerCallContext context) =>
        Reply.From(() => (operations.Of(CallOrigin.Of(context))
            ?? intake.Resume(request.Name, request.Mutation, CallOrigin.Of(context), context.CancellationToken)).ToMessage());

    /// <inheritdoc/>
    public override async Task WatchOperation(
        WatchOperationRequest request, IServerStreamWriter<WatchOperationResponse> responseStream, ServerCallContext context)
    {
        IOperation operation = await Reply.From(() => operations.Get(request.Name)).ConfigureAwait(false);
        if (operation is not CampaignOperation campaign)
        {
            await responseStream.WriteAsync(new WatchOperationResponse { Event = EndOf(operation.ToMessage()) }).ConfigureAwait(false);
            return;
        }

        await foreach (CampaignEvent happened in campaign.History.WatchAsync(context.CancellationToken).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(new WatchOperationResponse { Event = happened }).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async Task<CancelResponse> Cancel(CancelRequest request, ServerCallContext context)
    {
        IOperation operation = await Reply.From(() => operations.Get(request.Name)).ConfigureAwait(false);
        await operation.CancelAsync().ConfigureAwait(false);
        return new CancelResponse();
    }

    /// <summary>Of a campaign that ended in an earlier life of the daemon only the end is known.</summary>
    private static CampaignEvent EndOf(Operation operation)
    {
        if (operation.Error is { } error)
        {
            return new CampaignEvent { Sequence = 1, Error = error };
        }

        return operation.Response?.TryUnpack(out RunResponse result) == true
            ? new CampaignEvent { Sequence = 1, Result = result }
            : throw new RpcException(
                new Status(StatusCode.FailedPrecondition, $"{operation.Name} is no campaign; watch it with OperationService.WatchOperation"));
    }
}
