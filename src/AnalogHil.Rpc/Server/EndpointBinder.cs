using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AnalogHil.Rpc.Server;

/// <summary>Maps each method that a generated binding adds to a POST route of its name.</summary>
internal sealed class EndpointBinder(IEndpointRouteBuilder endpoints, CallPipeline pipeline) : ServiceBinderBase
{
    private readonly List<IEndpointConventionBuilder> _endpoints = [];
    private readonly HashSet<string> _services = new(StringComparer.Ordinal);

    /// <summary>Full names of the services bound.</summary>
    public IReadOnlyCollection<string> Services => _services;

    /// <summary>Conventions of all methods bound.</summary>
    public IEndpointConventionBuilder Conventions => new CombinedConventions([.. _endpoints]);

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        Map(method, http => pipeline.RunAsync(http, method, async call =>
        {
            TRequest request = await call.ReadSingleAsync().ConfigureAwait(false);
            await call.WriteSingleAsync(await Handler(handler, method)(request, call.Context).ConfigureAwait(false)).ConfigureAwait(false);
        }));

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
        Map(method, http => pipeline.RunAsync(http, method, async call =>
            await call.WriteSingleAsync(await Handler(handler, method)(call.Requests, call.Context).ConfigureAwait(false)).ConfigureAwait(false)));

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
        Map(method, http => pipeline.RunAsync(http, method, async call =>
        {
            TRequest request = await call.ReadSingleAsync().ConfigureAwait(false);
            await Handler(handler, method)(request, call.Responses, call.Context).ConfigureAwait(false);
        }));

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        Map(method, http => pipeline.RunAsync(http, method, call => Handler(handler, method)(call.Requests, call.Responses, call.Context)));

    private static THandler Handler<THandler>(THandler? handler, IMethod method)
        where THandler : Delegate =>
        handler ?? throw new RpcException(new Status(StatusCode.Unimplemented, $"{method.FullName} is bound without an implementation."));

    private void Map(IMethod method, RequestDelegate run)
    {
        _services.Add(method.ServiceName);
        _endpoints.Add(endpoints.MapPost(method.FullName, run).WithDisplayName($"gRPC - {method.FullName}").WithMetadata(method));
    }
}
