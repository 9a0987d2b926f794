using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Identity;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Leases;
using AnalogHil.Ledger.Requests;
using AnalogHil.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Lease = AnalogHil.Ledger.Leases.Lease;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>Lets a call in, or says why not: identity, then role, then request id, then lease with its epoch.</summary>
internal sealed class CallGate(
    ICallerIdentifier identifier, MethodRules rules, ILeaseStore leases, BenchDirectory benches, ILogger<CallGate> log)
{
    /// <summary>Who calls, if he may call this method at all.</summary>
    /// <exception cref="CampaignException">Unauthenticated or RoleInsufficient.</exception>
    public CallerIdentity Admit(MethodRule rule, ServerCallContext context)
    {
        CallerIdentity caller = identifier.Identify(context);
        return caller.Role >= rule.Role
            ? caller
            : throw new CampaignException(
                ErrorReason.RoleInsufficient, $"{caller.Name} is {Name(caller.Role)}, {rule.Method} needs {Name(rule.Role)}; ask the daemon's admin");
    }

    /// <summary>The rule of a method.</summary>
    public MethodRule RuleOf(IMethod method) => rules.Of(method.FullName);

    /// <summary>Looks at the request, or at the first message of a stream.</summary>
    /// <exception cref="CampaignException">RequestIdInvalid, LeaseRequired, LeaseHeld, Fenced, or NotFound for the bench.</exception>
    public CallFacts Check(MethodRule rule, CallerIdentity caller, object? request)
    {
        if (!rule.Mutation && rule.Lease == LeaseNeed.Unspecified)
        {
            return new CallFacts(caller);
        }

        IMessage message = request as IMessage
            ?? throw new CampaignException(ErrorReason.RequestInvalid, "the stream is empty; begin it with its start");
        (Mutation mutation, string bench) = RequestFields.Of(message.Descriptor).Read(message);
        return new CallFacts(caller)
        {
            Request = rule.Mutation ? KeyOf(caller, mutation) : null,
            Lease = LeaseOf(rule, caller, mutation, bench),
        };
    }

    /// <summary>Has every record that is logged during a call under a lease say which; disposing ends that. Null: the call has none.</summary>
    public IDisposable? LogScope(MethodRule rule, CallFacts facts) => facts.Lease is { Lease: var lease }
        ? log.BeginScope(new Dictionary<string, object?> { ["method"] = rule.Method, ["caller"] = facts.Caller.Name, ["lease_epoch"] = lease.Epoch })
        : null;

    /// <summary>The key of a request.</summary>
    /// <exception cref="CampaignException">RequestIdInvalid.</exception>
    public static RequestKey KeyOf(CallerIdentity caller, IMessage request) => KeyOf(caller, RequestFields.Of(request.Descriptor).Read(request).Mutation);

    /// <summary>Name of a lease on the wire.</summary>
    public static string NameOf(Lease lease) => string.Create(CultureInfo.InvariantCulture, $"leases/{lease.Epoch}");

    private static RequestKey KeyOf(CallerIdentity caller, Mutation mutation) => Guid.TryParseExact(mutation.RequestId, "D", out Guid id)
        ? new RequestKey(caller.Name, id.ToString("D"))
        : throw new CampaignException(
            ErrorReason.RequestIdInvalid,
            $"mutation.request_id '{mutation.RequestId}' is no UUID; make a new one (8-4-4-4-12 hexadecimal digits) for each thing to be done");

    private LeaseUse? LeaseOf(MethodRule rule, CallerIdentity caller, Mutation mutation, string bench)
    {
        // A campaign that is resumed names its bench by its record only, and takes it like one without a lease.
        if (rule.Lease == LeaseNeed.Unspecified || (rule.Lease == LeaseNeed.IfHeld && bench.Length == 0 && mutation.Lease.Length == 0))
        {
            return null;
        }

        string resource = benches.Locate(bench);
        Lease? current = leases.Current(resource);
        if (mutation.Lease.Length == 0)
        {
            if (rule.Lease == LeaseNeed.IfHeld && current is null)
            {
                return null;
            }

            throw current is null
                ? new CampaignException(
                    ErrorReason.LeaseRequired,
                    $"{rule.Method} needs a lease on bench {bench} and the call names none; acquire one (hil lease acquire)")
                : Held(bench, current);
        }

        if (mutation.Lease != string.Create(CultureInfo.InvariantCulture, $"leases/{mutation.Epoch}"))
        {
            throw new CampaignException(
                ErrorReason.LeaseRequired,
                $"mutation.lease '{mutation.Lease}' and mutation.epoch {mutation.Epoch} do not belong together; take both from the lease as it was acquired");
        }

        try
        {
            return leases.Use(resource, caller.Name, mutation.Epoch);
        }
        catch (LedgerException lost) when (lost.Fault == LedgerFault.LeaseLost)
        {
            throw current is not null && current.Epoch > mutation.Epoch
                ? new CampaignException(ErrorReason.Fenced, lost.Message, lost) { Metadata = Metadata(bench, current) }
                : new CampaignException(ErrorReason.LeaseRequired, lost.Message, lost);
        }
    }

    private static CampaignException Held(string bench, Lease current) => new(
        ErrorReason.LeaseHeld,
        $"bench {bench} is leased by {current.Holder} until {current.Expires:O} ({NameOf(current)}); "
        + "name your own lease in mutation.lease, or wait for this one to end")
    {
        Metadata = Metadata(bench, current),
    };

    private static ImmutableDictionary<string, string> Metadata(string bench, Lease current) => ImmutableDictionary<string, string>.Empty
        .Add("holder", current.Holder).Add("bench", bench).Add("lease", NameOf(current));

    private static string Name(Role role) => role.ToString().ToLowerInvariant();
}
