using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Operations;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>google.longrunning.Operations over campaigns and all other operations.</summary>
internal sealed class OperationsEndpoint(OperationLedger operations) : Google.LongRunning.Operations.OperationsBase
{
    /// <inheritdoc/>
    public override Task<Operation> GetOperation(GetOperationRequest request, ServerCallContext context) =>
        Reply.From(() => operations.Get(request.Name).ToMessage());

    /// <inheritdoc/>
    public override Task<ListOperationsResponse> ListOperations(ListOperationsRequest request, ServerCallContext context) => Reply.From(() =>
    {
        if (request.Filter.Length > 0)
        {
            throw new CampaignException(
                ErrorReason.RequestInvalid,
                $"filter '{request.Filter}' is not supported; leave it out, and look at the metadata of what is listed");
        }

        (IEnumerable<IOperation> page, string next) = Paging.Of(operations.All, operation => operation.Name, request.PageSize, request.PageToken);
        var reply = new ListOperationsResponse { NextPageToken = next };
        reply.Operations.AddRange(page.Select(operation => operation.ToMessage()));
        return reply;
    });

    /// <inheritdoc/>
    public override async Task<Empty> CancelOperation(CancelOperationRequest request, ServerCallContext context)
    {
        IOperation operation = await Reply.From(() => operations.Get(request.Name)).ConfigureAwait(false);
        await operation.CancelAsync().ConfigureAwait(false);
        return new Empty();
    }

    /// <inheritdoc/>
    public override async Task<Operation> WaitOperation(WaitOperationRequest request, ServerCallContext context)
    {
        IOperation operation = await Reply.From(() => operations.Get(request.Name)).ConfigureAwait(false);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        if (request.Timeout is { } timeout)
        {
            until.CancelAfter(timeout.ToTimeSpan());
        }

        try
        {
            await foreach (Operation _ in operation.WatchAsync(until.Token).ConfigureAwait(false))
            {
            }
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            // The time to wait is over: the reply shows the operation as it is now.
        }

        return operation.ToMessage();
    }
}
