namespace Grpc.Core;

/// <summary>Handler of one request with a stream of responses.</summary>
/// <typeparam name="TRequest">Type of the request.</typeparam>
/// <typeparam name="TResponse">Type of the responses.</typeparam>
/// <param name="request">The request.</param>
/// <param name="responseStream">Takes the responses.</param>
/// <param name="context">The call.</param>
public delegate Task ServerStreamingServerMethod<TRequest, TResponse>(
    TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context)
    where TRequest : class
    where TResponse : class;
