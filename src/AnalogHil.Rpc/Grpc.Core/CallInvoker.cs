namespace Grpc.Core;

/// <summary>Starts calls; the clients that the stubs generate are built on it.</summary>
public abstract class CallInvoker
{
    /// <summary>One request, one response; blocks the thread until it ends.</summary>
    /// <typeparam name="TRequest">Type of the request.</typeparam>
    /// <typeparam name="TResponse">Type of the response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="host">Authority to address; null: that of the channel.</param>
    /// <param name="options">Headers, deadline, cancellation.</param>
    /// <param name="request">The request.</param>
    public abstract TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>One request, one response.</summary>
    /// <typeparam name="TRequest">Type of the request.</typeparam>
    /// <typeparam name="TResponse">Type of the response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="host">Authority to address; null: that of the channel.</param>
    /// <param name="options">Headers, deadline, cancellation.</param>
    /// <param name="request">The request.</param>
    public abstract AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>One request, a stream of responses.</summary>
    /// <typeparam name="TRequest">Type of the request.</typeparam>
    /// <typeparam name="TResponse">Type of the responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="host">Authority to address; null: that of the channel.</param>
    /// <param name="options">Headers, deadline, cancellation.</param>
    /// <param name="request">The request.</param>
    public abstract AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class;

    /// <summary>A stream of requests, one response.</summary>
    /// <typeparam name="TRequest">Type of the requests.</typeparam>
    /// <typeparam name="TResponse">Type of the response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="host">Authority to address; null: that of the channel.</param>
    /// <param name="options">Headers, deadline, cancellation.</param>
    public abstract AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class
        where TResponse : class;

    /// <summary>Two independent streams.</summary>
    /// <typeparam name="TRequest">Type of the requests.</typeparam>
    /// <typeparam name="TResponse">Type of the responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="host">Authority to address; null: that of the channel.</param>
    /// <param name="options">Headers, deadline, cancellation.</param>
    public abstract AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
        where TRequest : class
        where TResponse : class;
}
