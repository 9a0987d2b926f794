using Grpc.Core;

namespace AnalogHil.Rpc.Server;

/// <summary>Stands between the server and every handler of every mapped service: who is asking, whether he may, whether it was done before.</summary>
public interface IRpcInterception
{
    /// <summary>Wraps the handlers of a service.</summary>
    /// <param name="inner">Where the wrapped handlers are added.</param>
    /// <returns>Receives the handlers as the service has them.</returns>
    ServiceBinderBase Around(ServiceBinderBase inner);
}
