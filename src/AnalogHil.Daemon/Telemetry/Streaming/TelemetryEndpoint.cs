using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Services;
using AnalogHil.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace AnalogHil.Daemon.Telemetry.Streaming;

/// <summary>analoghil.v1.TelemetryService.</summary>
internal sealed class TelemetryEndpoint(TelemetryHub hub, DaemonOptions options, IHostApplicationLifetime life) : TelemetryService.TelemetryServiceBase
{
    /// <inheritdoc/>
    public override async Task Stream(StreamRequest request, IServerStreamWriter<StreamResponse> responseStream, ServerCallContext context)
    {
        TelemetrySubscription subscription = await Reply.From(() => hub.TrySubscribe(TelemetryFilter.Of(request)) ?? throw Full()).ConfigureAwait(false);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, life.ApplicationStopping);
        try
        {
            // A client sees that it listens before the first sample comes.
            await context.WriteResponseHeadersAsync([]).ConfigureAwait(false);
            await foreach (StreamResponse message in subscription.ReadAllAsync(ends.Token).ConfigureAwait(false))
            {
                // A write that waits for a client which does not read ends with the daemon too.
                await responseStream.WriteAsync(message, ends.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The daemon is stopping; listen again when it is back."));
        }
        finally
        {
            hub.Remove(subscription);
        }
    }

    private CampaignException Full() => new(
        ErrorReason.QueueFull,
            $"{options.TelemetryListeners} clients listen already, which is the limit; end one of them, or have one client pass its samples on");
}
