using AnalogHil.Daemon.Enforcement;
using AnalogHil.Daemon.Operations;
using AnalogHil.Ledger.Requests;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>What a call tells of who makes it and with what right.</summary>
internal static class CallOrigin
{
    /// <summary>Where an operation of this call comes from.</summary>
    public static OperationOrigin Of(ServerCallContext context) => new(context.Caller().Name, context.RequestKey());

    /// <summary>The right to drive the call's bench, taken over: whoever gets it disposes it. Null where the call brings none.</summary>
    public static DriveRight? RightOf(ServerCallContext context) =>
        context.KeepLease() is { } lease ? new DriveRight(lease.Lease.Epoch, lease, lease.Ending) : null;

    /// <summary>Who makes the call, for which request.</summary>
    public static (string Actor, RequestKey? Request) ActorOf(ServerCallContext context) => (context.Caller().Name, context.RequestKey());

    /// <summary>Fencing epoch of the call's lease; 0 where the call brings none.</summary>
    public static long EpochOf(ServerCallContext context) => context.LeaseUse() is { } lease ? lease.Lease.Epoch : 0;

    /// <summary>Set when the call's lease has begun to end; never where the call brings none.</summary>
    public static CancellationToken LeaseEndOf(ServerCallContext context) => context.LeaseUse()?.Ending ?? CancellationToken.None;
}
