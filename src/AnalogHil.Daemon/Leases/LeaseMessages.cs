using AnalogHil.Daemon.Enforcement;
using AnalogHil.Ledger.Leases;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;
using LeaseEnd = AnalogHil.Ledger.Leases.LeaseEnd;
using LeaseEventKind = AnalogHil.Ledger.Leases.LeaseEventKind;

namespace AnalogHil.Daemon.Leases;

/// <summary>Leases as the wire knows them.</summary>
internal static class LeaseMessages
{
    /// <summary>A lease.</summary>
    public static V1.Lease ToMessage(this Ledger.Leases.Lease lease) => new()
    {
        Name = CallGate.NameOf(lease),
        Bench = lease.Resource,
        Holder = lease.Holder,
        Epoch = lease.Epoch,
        Ttl = Duration.FromTimeSpan(lease.Ttl),
        Granted = Timestamp.FromDateTimeOffset(lease.Granted),
        Expires = Timestamp.FromDateTimeOffset(lease.Expires),
    };

    /// <summary>An event.</summary>
    public static WatchResponse ToMessage(this LeaseEvent happened) => new()
    {
        Time = Timestamp.FromDateTimeOffset(happened.At),
        Kind = happened.Kind switch
        {
            LeaseEventKind.Held => V1.LeaseEventKind.Held,
            LeaseEventKind.Granted => V1.LeaseEventKind.Granted,
            LeaseEventKind.Renewed => V1.LeaseEventKind.Renewed,
            _ => V1.LeaseEventKind.Ended,
        },
        Lease = happened.Lease.ToMessage(),
        Waiting = happened.Waiting,
        End = happened.Ending?.How switch
        {
            null => V1.LeaseEnd.Unspecified,
            LeaseEnd.Released => V1.LeaseEnd.Released,
            LeaseEnd.Expired => V1.LeaseEnd.Expired,
            _ => V1.LeaseEnd.Broken,
        },
        EndedBy = happened.Ending?.By ?? "",
        Reason = happened.Ending?.Reason ?? "",
        Missed = happened.Missed,
    };
}
