namespace Grpc.Core;

/// <summary>Handler of a stream of requests with one response.</summary>
/// <typeparam name="TRequest">Type of the requests.</typeparam>
/// <typeparam name="TResponse">Type of the response.</typeparam>
/// <param name="requestStream">The requests.</param>
/// <param name="context">The call.</param>
public delegate Task<TResponse> ClientStreamingServerMethod<TRequest, TResponse>(
    IAsyncStreamReader<TRequest> requestStream, ServerCallContext context)
    where TRequest : class
    where TResponse : class;
