using System.Globalization;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Operations;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>google.longrunning.Operations over the same campaigns.</summary>
internal sealed class OperationsEndpoint(OperationLedger operations) : Google.LongRunning.Operations.OperationsBase
{
    private const int UsualPage = 50;

    /// <inheritdoc/>
    public override Task<Operation> GetOperation(GetOperationRequest request, ServerCallContext context) =>
        Reply.From(() => operations.Get(request.Name).ToMessage());

    /// <inheritdoc/>
    public override Task<ListOperationsResponse> ListOperations(ListOperationsRequest request, ServerCallContext context) => Reply.From(() =>
    {
        int start = 0;
        if (request.Filter.Length > 0 || (request.PageToken.Length > 0
            && !int.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out start)))
        {
            throw new CampaignException(
                ErrorReason.RequestInvalid, "list operations without a filter, and with a page_token as the last reply gave it, or none");
        }

        int size = request.PageSize > 0 ? Math.Min(request.PageSize, UsualPage) : UsualPage;
        IReadOnlyList<CampaignOperation> all = operations.All;
        var reply = new ListOperationsResponse();
        reply.Operations.AddRange(all.Skip(start).Take(size).Select(operation => operation.ToMessage()));
        if (start + size < all.Count)
        {
            reply.NextPageToken = (start + size).ToString(CultureInfo.InvariantCulture);
        }

        return reply;
    });

    /// <inheritdoc/>
    public override async Task<Empty> CancelOperation(CancelOperationRequest request, ServerCallContext context)
    {
        CampaignOperation operation = await Reply.From(() => operations.Get(request.Name)).ConfigureAwait(false);
        await operation.CancelAsync().ConfigureAwait(false);
        return new Empty();
    }

    /// <inheritdoc/>
    public override async Task<Operation> WaitOperation(WaitOperationRequest request, ServerCallContext context)
    {
        CampaignOperation operation = await Reply.From(() => operations.Get(request.Name)).ConfigureAwait(false);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        if (request.Timeout is { } timeout)
        {
            until.CancelAfter(timeout.ToTimeSpan());
        }

        try
        {
            await foreach (CampaignEvent _ in operation.History.WatchAsync(until.Token).ConfigureAwait(false))
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
