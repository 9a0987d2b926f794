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
    /// <summary>Opens the ledger and adds each of its parts.</summary>
    /// <returns>The ledger, to be closed after everything that uses it.</returns>
    /// <exception cref="CampaignException">It cannot be opened; the message says why.</exception>
    public static LedgerStore AddLedger(this IServiceCollection services, DaemonOptions options)
    {
        LedgerStore store = Open(options);
        services.AddSingleton(store);
        services.AddSingleton(store.Leases);
        services.AddSingleton(store.Journal);
        services.AddSingleton(store.Requests);
        services.AddSingleton(store.Operations);
        services.AddSingleton(store.Calibrations);
        services.AddSingleton(store.Records);
        services.AddSingleton(store.Audit);
        services.AddSingleton(store.Export);
        services.AddSingleton<ILeaseGuard, BenchLeaseGuard>();
        services.AddSingleton<ReconcilerByKind>();
        services.AddSingleton<LedgerRecovery>();
        return store;
    }

    /// <summary>Adds the gate: from here on every mapped service is behind it.</summary>
    public static void AddGate(this IServiceCollection services, AccessRules access)
    {
        services.AddSingleton(access);
        services.AddSingleton(MethodRules.OfOwnServices());
        services.AddSingleton<CallerIdentifier>();
        services.AddSingleton<CallGate>();
        services.AddSingleton<OnceOnly>();
        services.AddSingleton<IRpcInterception, CallInterception>();
    }

    private static LedgerStore Open(DaemonOptions options)
    {
        try
        {
            return LedgerStore.Open(new LedgerOptions { Directory = options.StateDirectory, Time = options.Time });
        }
        catch (LedgerException refused)
        {
            throw new CampaignException(
                refused.Fault == LedgerFault.InUse ? ErrorReason.RequestInvalid : ErrorReason.OutputUnwritable, refused.Message, refused);
        }
    }
}
