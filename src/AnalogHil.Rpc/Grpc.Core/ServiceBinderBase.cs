namespace Grpc.Core;

/// <summary>Receives the methods of a service from its generated binding.</summary>
public abstract class ServiceBinderBase
{
    /// <summary>Adds a method with one request and one response.</summary>
    /// <typeparam name="TRequest">Type of the request.</typeparam>
    /// <typeparam name="TResponse">Type of the response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its handler; null if the service is bound without an implementation.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotImplementedException();

    /// <summary>Adds a method with a stream of requests.</summary>
    /// <typeparam name="TRequest">Type of the requests.</typeparam>
    /// <typeparam name="TResponse">Type of the response.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its handler; null if the service is bound without an implementation.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotImplementedException();

    /// <summary>Adds a method with a stream of responses.</summary>
    /// <typeparam name="TRequest">Type of the request.</typeparam>
    /// <typeparam name="TResponse">Type of the responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its handler; null if the service is bound without an implementation.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotImplementedException();

    /// <summary>Adds a method with two streams.</summary>
    /// <typeparam name="TRequest">Type of the requests.</typeparam>
    /// <typeparam name="TResponse">Type of the responses.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="handler">Its handler; null if the service is bound without an implementation.</param>
    public virtual void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        where TRequest : class
        where TResponse : class => throw new NotImplementedException();
}
