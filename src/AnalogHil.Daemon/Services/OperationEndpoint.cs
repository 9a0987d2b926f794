using AnalogHil.Daemon.Operations;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.OperationService.</summary>
internal sealed class OperationEndpoint(OperationLedger operations, TimeProvider time) : OperationService.OperationServiceBase
{
    /// <inheritdoc/>
    public override async Task WatchOperation(
        OperationServiceWatchOperationRequest request, IServerStreamWriter<OperationServiceWatchOperationResponse> responseStream, ServerCallContext context)
    {
        IOperation operation = await Reply.From(() => operations.Get(request.Name)).ConfigureAwait(false);
        await foreach (Operation now in operation.WatchAsync(context.CancellationToken).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(
                new OperationServiceWatchOperationResponse { Time = Timestamp.FromDateTimeOffset(time.GetUtcNow()), Operation = now },
                context.CancellationToken).ConfigureAwait(false);
        }
    }
}
