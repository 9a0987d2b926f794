using Microsoft.AspNetCore.Builder;

namespace AnalogHil.Rpc.Server;

/// <summary>Applies a convention to the routes of all methods of a service.</summary>
internal sealed class CombinedConventions(IReadOnlyList<IEndpointConventionBuilder> endpoints) : IEndpointConventionBuilder
{
    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (IEndpointConventionBuilder endpoint in endpoints)
        {
            endpoint.Add(convention);
        }
    }
}
