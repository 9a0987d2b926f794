using System.Collections.Immutable;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Enforcement;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Daemon.Leases;

/// <summary>analoghil.v1.LeaseService.</summary>
internal sealed class LeaseEndpoint(ILeaseStore leases, IRequestStore requests, BenchDirectory benches, BenchLedger holds, DaemonOptions options)
    : LeaseService.LeaseServiceBase
{
    // How operations name themselves where they hold a bench.
    private const string Operation = "operations/";
    private static readonly TimeSpan UsualTtl = TimeSpan.FromSeconds(60);

    // Kept for the way back of the answer who holds the bench, on a busy machine too; of a short deadline a quarter.
    private static readonly TimeSpan WayBack = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override async Task<AcquireResponse> Acquire(AcquireRequest request, ServerCallContext context)
    {
        CallFacts facts = context.Facts();
        TimeSpan ttl = request.Ttl?.ToTimeSpan() ?? UsualTtl;
        if (ttl < LeaseRequest.ShortestTtl || ttl > LeaseRequest.LongestTtl)
        {
            throw Wrong(
                "ttl",
                $"is {ttl.TotalSeconds:0.###} s, must lie in {LeaseRequest.ShortestTtl.TotalSeconds} .. {LeaseRequest.LongestTtl.TotalSeconds} s; "
                + "renew a lease to hold it longer");
        }

        string bench = benches.Locate(request.Bench);
        if (leases.Current(bench) is null && holds.HolderOf(bench) is { } holder && holder.StartsWith(Operation, StringComparison.Ordinal))
        {
            // An operation that was begun without a lease: the end of a lease would make its device safe under it.
            throw new CampaignException(
                ErrorReason.BenchBusy, $"bench {request.Bench} is used by {holder} without a lease; wait for that operation to end, or cancel it")
            {
                Metadata = ImmutableDictionary<string, string>.Empty.Add("holder", holder).Add("bench", bench),
            };
        }

        using var patience = new CancellationTokenSource(PatienceOf(context), options.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.CancellationToken);
        try
        {
            Ledger.Leases.Lease lease = await leases.AcquireAsync(new LeaseRequest(bench, facts.Caller.Name, ttl, facts.Request!.Id),
                end.Token).ConfigureAwait(false);
            return new AcquireResponse { Lease = lease.ToMessage() };
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // Null: it is being handed on to one who waited longer.
            Ledger.Leases.Lease? held = leases.Current(bench);
            string until = held is null ? "" : $" by {held.Holder} until {held.Expires.UtcDateTime:u} unless it is renewed";
            throw new CampaignException(ErrorReason.LeaseHeld, $"bench {request.Bench} is leased{until}; wait longer, or ask its holder")
            {
                Metadata = ImmutableDictionary<string, string>.Empty.Add("holder", held?.Holder ?? "").Add("bench", bench),
            };
        }
    }

    // Answered a little before the deadline: the caller hears who holds the bench, and not only that its time is over.
    private TimeSpan PatienceOf(ServerCallContext context)
    {
        if (context.Deadline == DateTime.MaxValue)
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan left = context.Deadline - options.Time.GetUtcNow().UtcDateTime;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left - TimeSpan.FromTicks(Math.Min(WayBack.Ticks, left.Ticks / 4));
    }

    /// <inheritdoc/>
    public override Task<RenewResponse> Renew(RenewRequest request, ServerCallContext context)
    {
        Ledger.Leases.Lease lease = Named(request.Mutation);
        return Task.FromResult(new RenewResponse { Lease = leases.Renew(lease.Resource, context.Facts().Caller.Name, lease.Epoch).ToMessage() });
    }

    /// <inheritdoc/>
    public override async Task<ReleaseResponse> Release(ReleaseRequest request, ServerCallContext context)
    {
        Ledger.Leases.Lease lease = Named(request.Mutation);

        // Brought to its end even if the client leaves: a device is being made safe.
        await leases.ReleaseAsync(lease.Resource, context.Facts().Caller.Name, lease.Epoch, CancellationToken.None).ConfigureAwait(false);
        return new ReleaseResponse();
    }

    /// <inheritdoc/>
    public override async Task<BreakResponse> Break(BreakRequest request, ServerCallContext context)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            throw Wrong("reason", "is missing; say why, for the holder and the audit chain");
        }

        // With the break its reply: made again after a crash, it would break the lease of whoever came next.
        LeaseBreak done = await leases.BreakAsync(
            benches.Locate(request.Bench),
            context.Facts().Caller.Name,
            request.Reason,
            CancellationToken.None,
            made => requests.Commit(context, () => ReplyOf(made))).ConfigureAwait(false);
        return ReplyOf(done);
    }

    /// <inheritdoc/>
    public override async Task Watch(WatchRequest request, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context)
    {
        string? bench = request.Bench.Length > 0 ? benches.Locate(request.Bench) : null;
        await foreach (LeaseEvent happened in leases.WatchAsync(bench, context.CancellationToken).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(happened.ToMessage(), context.CancellationToken).ConfigureAwait(false);
        }
    }

    private static BreakResponse ReplyOf(LeaseBreak done) => new() { Broken = done.Broken?.ToMessage(), UnsafeReason = done.Failure ?? "" };

    private Ledger.Leases.Lease Named(Mutation? mutation)
    {
        Ledger.Leases.Lease? lease = leases.Find(mutation?.Epoch ?? 0);
        return lease is not null && CallGate.NameOf(lease) == mutation!.Lease
            ? lease
            : throw new LedgerException(
                LedgerFault.LeaseLost, $"there is no lease '{mutation?.Lease}' with epoch {mutation?.Epoch ?? 0}; take both from the lease as it was acquired");
    }

    private static CampaignException Wrong(string field, string what) =>
        new(ErrorReason.RequestInvalid, $"the request has errors: {field} {what}") { Fields = [new FieldError(field, what)] };
}
