namespace Grpc.Core;

/// <summary>Handler of two independent streams.</summary>
/// <typeparam name="TRequest">Type of the requests.</typeparam>
/// <typeparam name="TResponse">Type of the responses.</typeparam>
/// <param name="requestStream">The requests.</param>
/// <param name="responseStream">Takes the responses.</param>
/// <param name="context">The call.</param>
public delegate Task DuplexStreamingServerMethod<TRequest, TResponse>(
    IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context)
    where TRequest : class
    where TResponse : class;
