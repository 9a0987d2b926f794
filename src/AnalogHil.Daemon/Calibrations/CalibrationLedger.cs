using AnalogHil.Daemon.Errors;
using AnalogHil.Ledger;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>The kept calibrations of a state directory, for a program without a running daemon.</summary>
public sealed class CalibrationLedger : IDisposable
{
    private readonly LedgerStore _store;

    private CalibrationLedger(LedgerStore store) => (_store, Shelf) = (store, new CalibrationShelf(store.Calibrations));

    /// <summary>The calibrations.</summary>
    public CalibrationShelf Shelf { get; }

    /// <summary>Opens a state directory; one process at a time has it.</summary>
    /// <exception cref="CampaignException">Another process has it, it is damaged, or cannot be written.</exception>
    public static CalibrationLedger Open(string directory, TimeProvider time)
    {
        try
        {
            return new CalibrationLedger(LedgerStore.Open(new LedgerOptions { Directory = directory, Time = time }));
        }
        catch (LedgerException refused)
        {
            throw new CampaignException(refused.Fault == LedgerFault.InUse ? ErrorReason.BenchBusy : ErrorReason.OutputUnwritable, refused.Message, refused);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Dispose();
}
