using AnalogHil.Daemon.Errors;
using AnalogHil.Ledger;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>Refusals of the gate and of the ledger as google.rpc.Status.</summary>
internal static class Refusal
{
    /// <summary>Runs a call; what refuses it becomes its status.</summary>
    public static async Task<T> AsStatus<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (CampaignException refused)
        {
            throw ErrorStatus.Of(refused).ToRpcException();
        }
        catch (LedgerException refused)
        {
            throw ErrorStatus.Of(Of(refused)).ToRpcException();
        }
    }

    /// <summary>The same refusal with the reason that the wire knows.</summary>
    public static CampaignException Of(LedgerException refused) => new(
        refused.Fault switch
        {
            LedgerFault.LeaseLost => ErrorReason.LeaseRequired,
            LedgerFault.RequestReused => ErrorReason.RequestIdInvalid,
            LedgerFault.OutcomeUnknown => ErrorReason.OutcomeUnknown,
            LedgerFault.Busy => ErrorReason.BenchBusy,
            LedgerFault.Conflict => ErrorReason.Stale,
            LedgerFault.NotFound => ErrorReason.NotFound,
            LedgerFault.Unwritable => ErrorReason.OutputUnwritable,
            _ => ErrorReason.Internal,
        },
        refused.Message,
        refused);
}
