using AnalogHil.Daemon.Errors;
using AnalogHil.Ledger;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Hosting;

/// <summary>State of the store in a daemon's state directory, looked at from outside, also while the daemon runs.</summary>
/// <param name="Schema">Schema of the store.</param>
/// <param name="NewestSchema">Schema that a daemon of this program brings it to.</param>
/// <param name="Damage">What an integrity check found; empty: nothing.</param>
/// <param name="AuditEntries">Entries of the audit chain that are as they were made; null: it could not be read.</param>
/// <param name="AuditProblem">What is wrong with the chain; empty: nothing.</param>
/// <param name="LastEntry">When its last entry was made, UTC; null: there is none.</param>
public sealed record StoreInspection(long Schema, long NewestSchema, string Damage, long? AuditEntries, string AuditProblem, DateTimeOffset? LastEntry)
{
    /// <summary>Looks at the store; changes nothing.</summary>
    /// <param name="stateDirectory">State directory of the daemon, absolute.</param>
    /// <returns>What was found; null: there is no store.</returns>
    /// <exception cref="CampaignException">DataInvalid: it is no store, or damaged beyond reading. OutputUnwritable: this user may not read it.</exception>
    public static StoreInspection? Of(string stateDirectory)
    {
        try
        {
            return LedgerInspection.Of(stateDirectory) is not { } found ? null : new StoreInspection(
                found.Schema, found.NewestSchema, string.Join("; ", found.Damage), found.Audit?.Entries,
                found.Audit is { IsWhole: false } broken ? broken.Message : "", found.LastEntry);
        }
        catch (LedgerException refused)
        {
            throw new CampaignException(
                refused.Fault == LedgerFault.Damaged ? ErrorReason.DataInvalid : ErrorReason.OutputUnwritable, refused.Message, refused);
        }
    }
}
