using AnalogHil.Daemon.Errors;
using Grpc.Core;

namespace AnalogHil.Daemon.Identity;

/// <summary>Finds out who makes a call.</summary>
internal interface ICallerIdentifier
{
    /// <summary>The caller.</summary>
    /// <exception cref="CampaignException">Unauthenticated: he cannot be told, or has no role.</exception>
    CallerIdentity Identify(ServerCallContext context);
}
