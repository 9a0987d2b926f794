using System.Globalization;
using AnalogHil.Daemon.Errors;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Leases;
using AnalogHil.V1;
using Lease = AnalogHil.Ledger.Leases.Lease;

namespace AnalogHil.Daemon.Operations;

/// <summary>Rights to drive a device for operations that no call under a lease begins: those that go on after a restart, or are resumed by name.</summary>
internal sealed class DriveRights(ILeaseStore leases)
{
    /// <summary>Takes the right to a bench.</summary>
    /// <param name="bench">Bench file.</param>
    /// <param name="owner">Who wants it.</param>
    /// <param name="mutation">The lease that he names; null or without one: nobody may hold the bench then.</param>
    /// <exception cref="CampaignException">LeaseRequired or LeaseHeld: it is not his.</exception>
    public DriveRight? Take(string bench, string owner, Mutation? mutation)
    {
        if (mutation is null || mutation.Lease.Length == 0)
        {
            return leases.Current(bench) is { } held ? throw Held(bench, held) : null;
        }

        try
        {
            LeaseUse use = leases.Use(bench, owner, mutation.Epoch);
            return new DriveRight(use.Lease.Epoch, use, use.Ending);
        }
        catch (LedgerException lost) when (lost.Fault == LedgerFault.LeaseLost)
        {
            throw new CampaignException(ErrorReason.LeaseRequired, lost.Message, lost);
        }
    }

    private static CampaignException Held(string bench, Lease held) => new(
        ErrorReason.LeaseHeld,
        string.Create(CultureInfo.InvariantCulture, $"bench {Path.GetFileNameWithoutExtension(bench)} is leased by {held.Holder} (leases/{held.Epoch}); name your own lease, or wait for this one to end"));
}
