namespace Grpc.Core;

public sealed partial class ServerServiceDefinition
{
    /// <summary>Collects methods; each name may come once.</summary>
    public sealed class Builder
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private readonly List<Action<ServiceBinderBase>> _methods = [];

        /// <summary>Adds a method with one request and one response.</summary>
        /// <typeparam name="TRequest">Type of the request.</typeparam>
        /// <typeparam name="TResponse">Type of the response.</typeparam>
        /// <param name="method">The method.</param>
        /// <param name="handler">Its handler.</param>
        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        /// <summary>Adds a method with a stream of requests.</summary>
        /// <typeparam name="TRequest">Type of the requests.</typeparam>
        /// <typeparam name="TResponse">Type of the response.</typeparam>
        /// <param name="method">The method.</param>
        /// <param name="handler">Its handler.</param>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        /// <summary>Adds a method with a stream of responses.</summary>
        /// <typeparam name="TRequest">Type of the request.</typeparam>
        /// <typeparam name="TResponse">Type of the responses.</typeparam>
        /// <param name="method">The method.</param>
        /// <param name="handler">Its handler.</param>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        /// <summary>Adds a method with two streams.</summary>
        /// <typeparam name="TRequest">Type of the requests.</typeparam>
        /// <typeparam name="TResponse">Type of the responses.</typeparam>
        /// <param name="method">The method.</param>
        /// <param name="handler">Its handler.</param>
        public Builder AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
            where TRequest : class
            where TResponse : class => Add(method, binder => binder.AddMethod(method, handler));

        /// <summary>The definition of the methods added so far.</summary>
        public ServerServiceDefinition Build() => new([.. _methods]);

        private Builder Add(IMethod method, Action<ServiceBinderBase> add)
        {
            if (!_names.Add(method.FullName))
            {
                throw new ArgumentException($"Method {method.FullName} is in the definition already; add each method once.", nameof(method));
            }

            _methods.Add(add);
            return this;
        }
    }
}
