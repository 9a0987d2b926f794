using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>A call with one request and one response; await it for the response.</summary>
/// <typeparam name="TResponse">Type of the response.</typeparam>
/// <param name="responseAsync">The response.</param>
/// <param name="responseHeadersAsync">The response headers.</param>
/// <param name="getStatusFunc">Status of the ended call.</param>
/// <param name="getTrailersFunc">Trailers of the ended call.</param>
/// <param name="disposeAction">Cancels the call.</param>
public sealed class AsyncUnaryCall<TResponse>(
    Task<TResponse> responseAsync,
    Task<Metadata> responseHeadersAsync,
    Func<Status> getStatusFunc,
    Func<Metadata> getTrailersFunc,
    Action disposeAction) : IDisposable
{
    /// <summary>The response; fails with <see cref="RpcException"/> if the call ends with an error status.</summary>
    public Task<TResponse> ResponseAsync { get; } = responseAsync;

    /// <summary>Awaits the response.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>Awaits the response with or without the captured context.</summary>
    /// <param name="continueOnCapturedContext">Whether to go on in the captured context.</param>
    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        ResponseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>The response headers, when they arrive.</summary>
    public Task<Metadata> ResponseHeadersAsync { get; } = responseHeadersAsync;

    /// <summary>Status of the call.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Status GetStatus() => getStatusFunc();

    /// <summary>Trailers of the call.</summary>
    /// <exception cref="InvalidOperationException">The call has not ended.</exception>
    public Metadata GetTrailers() => getTrailersFunc();

    /// <summary>Cancels the call if it has not ended, and frees what it holds.</summary>
    public void Dispose() => disposeAction();
}
