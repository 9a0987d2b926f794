namespace Grpc.Core;

/// <summary>A call with two independent streams.</summary>
/// <typeparam name="TRequest">Type of the requests.</typeparam>
/// <typeparam name="TResponse">Type of the responses.</typeparam>
/// <param name="requestStream">Takes the requests.</param>
/// <param name="responseStream">The responses.</param>
/// <param name="responseHeadersAsync">The response headers.</param>
/// <param name="getStatusFunc">Status of the ended call.</param>
/// <param name="getTrailersFunc">Trailers of the ended call.</param>
/// <param name="disposeAction">Cancels the call.</param>
public sealed class AsyncDuplexStreamingCall<TRequest, TResponse>(
    IClientStreamWriter<TRequest> requestStream,
    IAsyncStreamReader<TResponse> responseStream,
    Task<Metadata> responseHeadersAsync,
    Func<Status> getStatusFunc,
    Func<Metadata> getTrailersFunc,
    Action disposeAction) : IDisposable
{
    /// <summary>Takes the requests; complete it, or the server waits for more.</summary>
    public IClientStreamWriter<TRequest> RequestStream { get; } = requestStream;

    /// <summary>The responses; reading fails with <see cref="RpcException"/> if the call ends with an error status.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; } = responseStream;

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
