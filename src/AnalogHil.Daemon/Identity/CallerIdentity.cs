using AnalogHil.V1;

namespace AnalogHil.Daemon.Identity;

/// <summary>Who makes a call.</summary>
/// <param name="Name">How he is called in leases and the audit chain: "uid:1000", "cert:bench-ci", "token:ci".</param>
/// <param name="Role">What he may do.</param>
public sealed record CallerIdentity(string Name, Role Role);
