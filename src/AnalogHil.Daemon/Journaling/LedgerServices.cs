using AnalogHil.Daemon.Enforcement;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Identity;
using AnalogHil.Daemon.Leases;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Leases;
using AnalogHil.Rpc.Server;
using AnalogHil.V1;
using Microsoft.Extensions.DependencyInjection;

namespace AnalogHil.Daemon.Journaling;

/// <summary>Puts the ledger and the gate among the services of a daemon.</summary>
internal static class LedgerServices
{
    /// <summary>Adds the ledger, opened when it is first asked for, and each of its parts.</summary>
    public static void AddLedger(this IServiceCollection services, DaemonOptions options)
    {
        services.AddSingleton(_ => Open(options));
        AddPart(ledger => ledger.Leases);
        AddPart(ledger => ledger.Journal);
        AddPart(ledger => ledger.Requests);
        AddPart(ledger => ledger.Operations);
        AddPart(ledger => ledger.Calibrations);
        AddPart(ledger => ledger.Records);
        AddPart(ledger => ledger.Audit);
        AddPart(ledger => ledger.Export);
        services.AddSingleton<ILeaseGuard, BenchLeaseGuard>();
        services.AddSingleton<ReconcilerByKind>();
        services.AddSingleton<LedgerRecovery>();

        void AddPart<T>(Func<LedgerStore, T> part)
            where T : class => services.AddSingleton(provider => part(provider.GetRequiredService<LedgerStore>()));
    }

    /// <summary>Adds the gate: from here on every mapped service is behind it.</summary>
    public static void AddGate(this IServiceCollection services, AccessRules access)
    {
        services.AddSingleton(access);
        services.AddSingleton<AccessBook>();
        services.AddSingleton(MethodRules.OfOwnServices());
        services.AddSingleton<ICallerIdentifier, CallerIdentifier>();
        services.AddSingleton<CallGate>();
        services.AddSingleton<OnceOnly>();
        services.AddSingleton<IRpcInterception, CallInterception>();
    }

    /// <exception cref="CampaignException">It cannot be opened; the message says why.</exception>
    private static LedgerStore Open(DaemonOptions options)
    {
        try
        {
            return LedgerStore.Open(new LedgerOptions { Directory = options.StateDirectory, Time = options.Time, Commits = CrashRehearsal.Of(options) });
        }
        catch (LedgerException refused)
        {
            throw new CampaignException(
                refused.Fault == LedgerFault.InUse ? ErrorReason.RequestInvalid : ErrorReason.OutputUnwritable, refused.Message, refused);
        }
    }
}
