using AnalogHil.V1;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>The policy of a method, as its descriptor tells it.</summary>
/// <param name="Method">"package.Service/Method".</param>
/// <param name="Role">Least role.</param>
/// <param name="Mutation">Whether its request id counts.</param>
/// <param name="Lease">Lease that it needs.</param>
/// <param name="Retry">How a client may repeat it.</param>
public sealed record MethodRule(string Method, Role Role, bool Mutation, LeaseNeed Lease, RetryRule Retry);
