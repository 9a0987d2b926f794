using AnalogHil.Daemon.Identity;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>Every call comes from one caller.</summary>
internal sealed class NamedCaller(string name, Role role) : ICallerIdentifier
{
    public CallerIdentity Identify(ServerCallContext context) => new(name, role);
}
