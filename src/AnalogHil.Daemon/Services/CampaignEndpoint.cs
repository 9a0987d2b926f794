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
        Reply.From(() => intake.Start(request, context.CancellationToken).ToMessage());

    /// <inheritdoc/>
    public override async Task WatchOperation(
        WatchOperationRequest request, IServerStreamWriter<WatchOperationResponse> responseStream, ServerCallContext context)
    {
        CampaignOperation operation = await Reply.From(() => operations.Get(request.Name)).ConfigureAwait(false);
        await foreach (CampaignEvent happened in operation.History.WatchAsync(context.CancellationToken).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(new WatchOperationResponse { Event = happened }).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override async Task<CancelResponse> Cancel(CancelRequest request, ServerCallContext context)
    {
        CampaignOperation operation = await Reply.From(() => operations.Get(request.Name)).ConfigureAwait(false);
        await operation.CancelAsync().ConfigureAwait(false);
        return new CancelResponse();
    }
}
