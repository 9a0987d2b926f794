using System.Collections.Concurrent;
using Google.Protobuf.Reflection;

namespace AnalogHil.Rpc.Server;

/// <summary>The services that are mapped, so that calls of others get one answer and reflection can tell of them.</summary>
internal sealed class ServiceRegistry
{
    private readonly ConcurrentDictionary<string, ServiceDescriptor?> _services = new(StringComparer.Ordinal);

    /// <summary>Whether the route for unknown services and methods is mapped.</summary>
    public bool HasFallback { get; set; }

    /// <summary>Full names of the mapped services.</summary>
    public ICollection<string> Services => _services.Keys;

    /// <summary>Descriptors of those services that were generated with one.</summary>
    public IEnumerable<ServiceDescriptor> Descriptors => _services.Values.OfType<ServiceDescriptor>();

    /// <summary>Adds a service; false if it is known.</summary>
    /// <param name="service">Full name of the service.</param>
    /// <param name="descriptor">Its descriptor; null: its code has none.</param>
    public bool Add(string service, ServiceDescriptor? descriptor) => _services.TryAdd(service, descriptor);
}
