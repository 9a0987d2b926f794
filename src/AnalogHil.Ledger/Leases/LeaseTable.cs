using AnalogHil.Ledger.Audit;
using AnalogHil.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Leases;

/// <summary>Leases on the disk. A row stays when its lease has ended: the epochs that were given away are never given again.</summary>
internal sealed class LeaseTable(Database database, AuditChain audit, TimeProvider time)
{
    private const string AllColumns = "resource, epoch, holder, ttl, granted, expires, request";

    /// <summary>Leases that have not ended.</summary>
    public List<Lease> Held() => database.Query($"select {AllColumns} from leases where ended is null order by resource", Read);

    /// <summary>The lease of an epoch, held or ended.</summary>
    public Lease? Find(long epoch) => database.Query($"select {AllColumns} from leases where epoch = $epoch", Read, ("$epoch", epoch)).FirstOrDefault();

    /// <summary>Grants a lease with the next epoch.</summary>
    public Lease Grant(LeaseRequest request) => database.Write("lease.grant", () =>
    {
        DateTimeOffset now = time.Now();

        // Over all resources, so that an epoch names its lease.
        long last = database.Scalar("select max(epoch) from leases");
        var lease = new Lease(request.Resource, Math.Max(last + 1, EpochClock.At(now, database.Location)), request.Holder, request.Ttl, now, now + request.Ttl)
        {
            RequestId = request.RequestId,
        };
        database.Execute(
            $"insert into leases ({AllColumns}) values ($resource, $epoch, $holder, $ttl, $granted, $expires, $request)",
            ("$resource", lease.Resource), ("$epoch", lease.Epoch), ("$holder", lease.Holder), ("$ttl", (long)lease.Ttl.TotalMilliseconds),
            ("$granted", Columns.Of(lease.Granted)), ("$expires", Columns.Of(lease.Expires)), ("$request", lease.RequestId));
        audit.Append(lease.Holder, "lease.grant", lease.Resource, $"epoch {lease.Epoch}");
        return lease;
    });

    /// <summary>Moves the end.</summary>
    public Lease Renew(Lease lease) => database.Write("lease.renew", () =>
    {
        Lease renewed = lease with { Expires = time.Now() + lease.Ttl };
        database.Execute(
            "update leases set expires = $expires where resource = $resource and epoch = $epoch",
            ("$expires", Columns.Of(renewed.Expires)), ("$resource", lease.Resource), ("$epoch", lease.Epoch));
        return renewed;
    });

    /// <summary>Ends it.</summary>
    /// <param name="ending">How.</param>
    /// <param name="failure">What went wrong while the resource was made safe; null: nothing.</param>
    /// <param name="within">Called within the commit; null: nothing.</param>
    public void End(LeaseEnding ending, string? failure, Action<string?>? within) => database.Write("lease.end", () =>
    {
        database.Execute(
            "update leases set ended = $ended, ending = $how, ended_by = $by, reason = $reason where resource = $resource and epoch = $epoch",
            ("$ended", Columns.Of(time.Now())), ("$how", ending.How.ToString()), ("$by", ending.By), ("$reason", ending.Reason),
            ("$resource", ending.Lease.Resource), ("$epoch", ending.Lease.Epoch));
        string action = ending.How switch { LeaseEnd.Released => "lease.release", LeaseEnd.Expired => "lease.expire", _ => "lease.break" };
        string detail = $"epoch {ending.Lease.Epoch} of {ending.Lease.Holder}{(ending.Reason.Length > 0 ? $": {ending.Reason}" : "")}";
        audit.Append(ending.By, action, ending.Lease.Resource, failure is null ? detail : $"{detail}; making it safe failed: {failure}");
        within?.Invoke(failure);
    });

    /// <summary>Notes a break of a resource that nobody held.</summary>
    public void NoteBreak(string resource, string by, string reason, string? failure, Action<string?>? within) => database.Write("lease.break", () =>
    {
        audit.Append(by, "lease.break", resource, $"nobody held it: {reason}{(failure is null ? "" : $"; making it safe failed: {failure}")}");
        within?.Invoke(failure);
    });

    /// <summary>Whether that lease was given back by that holder.</summary>
    public bool WasReleased(string resource, string holder, long epoch) => database.Scalar(
        "select count(*) from leases where resource = $resource and epoch = $epoch and holder = $holder and ending = 'Released'",
        ("$resource", resource), ("$epoch", epoch), ("$holder", holder)) > 0;

    private static Lease Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetString(2), TimeSpan.FromMilliseconds(row.GetInt64(3)), row.Time(4), row.Time(5))
    {
        RequestId = row.TextOrNull(6),
    };
}
