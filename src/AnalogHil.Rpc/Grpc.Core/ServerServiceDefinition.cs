namespace Grpc.Core;

/// <summary>The methods of a service with their handlers.</summary>
public sealed partial class ServerServiceDefinition
{
    private readonly IReadOnlyList<Action<ServiceBinderBase>> _methods;

    private ServerServiceDefinition(IReadOnlyList<Action<ServiceBinderBase>> methods) => _methods = methods;

    /// <summary>Starts an empty definition.</summary>
    public static Builder CreateBuilder() => new();

    /// <summary>Adds every method to a binder.</summary>
    /// <param name="serviceBinder">Receives the methods.</param>
    internal void BindService(ServiceBinderBase serviceBinder)
    {
        foreach (Action<ServiceBinderBase> add in _methods)
        {
            add(serviceBinder);
        }
    }
}
