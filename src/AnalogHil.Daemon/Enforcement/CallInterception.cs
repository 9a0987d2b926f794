using AnalogHil.Rpc.Server;
using Grpc.Core;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>Puts the gate before every service of the daemon.</summary>
internal sealed class CallInterception(CallGate gate, OnceOnly once) : IRpcInterception
{
    /// <inheritdoc/>
    public ServiceBinderBase Around(ServiceBinderBase inner) => new GuardedBinder(inner, gate, once);
}
