using AnalogHil.Daemon.Identity;
using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Requests;
using Grpc.Core;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>What an endpoint can ask about its call.</summary>
internal static class CallFactsExtensions
{
    private static readonly object Key = new();

    /// <summary>What was found out about the call.</summary>
    /// <exception cref="InvalidOperationException">The call did not come through the gate.</exception>
    public static CallFacts Facts(this ServerCallContext context) => context.UserState.TryGetValue(Key, out object? facts)
        ? (CallFacts)facts
        : throw new InvalidOperationException($"{context.Method} was called past the gate");

    /// <summary>Who calls.</summary>
    public static CallerIdentity Caller(this ServerCallContext context) => context.Facts().Caller;

    /// <summary>The request that the call makes; null: its request id does not count.</summary>
    public static RequestKey? RequestKey(this ServerCallContext context) => context.Facts().Request;

    /// <summary>The lease under which the call runs, until its end; null: none.</summary>
    public static LeaseUse? LeaseUse(this ServerCallContext context) => context.Facts().Lease;

    /// <summary>The lease, taken over beyond the end of the call: the taker disposes it when its work ends. Null: the call has none.</summary>
    public static LeaseUse? KeepLease(this ServerCallContext context) => context.Facts().TakeLease();

    /// <summary>Keeps what was found out.</summary>
    internal static void SetFacts(this ServerCallContext context, CallFacts facts) => context.UserState[Key] = facts;
}
