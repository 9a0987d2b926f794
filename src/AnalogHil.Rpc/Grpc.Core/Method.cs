namespace Grpc.Core;

/// <summary>A method with the marshallers of its messages.</summary>
/// <typeparam name="TRequest">Type of the request message.</typeparam>
/// <typeparam name="TResponse">Type of the response message.</typeparam>
/// <param name="type">Which sides are streams.</param>
/// <param name="serviceName">Full name of the service, with its package.</param>
/// <param name="name">Name within the service.</param>
/// <param name="requestMarshaller">Bytes of requests.</param>
/// <param name="responseMarshaller">Bytes of responses.</param>
public class Method<TRequest, TResponse>(
    MethodType type, string serviceName, string name, Marshaller<TRequest> requestMarshaller, Marshaller<TResponse> responseMarshaller) : IMethod
{
    /// <inheritdoc/>
    public MethodType Type { get; } = type;

    /// <inheritdoc/>
    public string ServiceName { get; } = serviceName;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string FullName { get; } = $"/{serviceName}/{name}";

    /// <summary>Bytes of requests.</summary>
    public Marshaller<TRequest> RequestMarshaller { get; } = requestMarshaller;

    /// <summary>Bytes of responses.</summary>
    public Marshaller<TResponse> ResponseMarshaller { get; } = responseMarshaller;
}
