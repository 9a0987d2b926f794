using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace AnalogHil.Rpc.Health;

/// <summary>Serves <c>grpc.health.v1.Health</c> from a registry; watches end when the server stops.</summary>
/// <param name="registry">The statuses.</param>
/// <param name="lifetime">Tells when the server stops.</param>
public sealed class HealthService(HealthRegistry registry, IHostApplicationLifetime lifetime) : Grpc.Health.V1.Health.HealthBase
{
    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        ServingStatus status = registry.Find(request.Service) ?? throw new RpcException(new Status(
            StatusCode.NotFound, $"Service '{request.Service}' is not known here; List names those that are."));
        return Task.FromResult(new HealthCheckResponse { Status = status });
    }

    /// <inheritdoc/>
    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        var response = new HealthListResponse();
        foreach ((string service, ServingStatus status) in registry.Statuses)
        {
            response.Statuses.Add(service, new HealthCheckResponse { Status = status });
        }

        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (ServingStatus status in registry.WatchAsync(request.Service, ends.Token).ConfigureAwait(false))
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The server is stopping; watch again when it is back."));
        }
    }
}
