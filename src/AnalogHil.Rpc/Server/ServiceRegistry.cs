namespace AnalogHil.Rpc.Server;

/// <summary>The services that are mapped, so that calls of others get one answer.</summary>
internal sealed class ServiceRegistry
{
    private readonly HashSet<string> _services = new(StringComparer.Ordinal);

    /// <summary>Whether the route for unknown services and methods is mapped.</summary>
    public bool HasFallback { get; set; }

    /// <summary>Full names of the mapped services.</summary>
    public IReadOnlyCollection<string> Services => _services;

    /// <summary>Adds a service; false if it is known.</summary>
    public bool Add(string service) => _services.Add(service);
}
