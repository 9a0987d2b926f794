using AnalogHil.Ledger.Records;

namespace AnalogHil.Ledger.Calibrations;

/// <summary>Calibrations of devices: never changed, only superseded or marked bad. One a device is in use.</summary>
public interface ICalibrationStore
{
    /// <summary>Keeps a new calibration; it is not in use yet. The same entry again does nothing.</summary>
    /// <param name="entry">The calibration, neither superseded nor bad.</param>
    /// <param name="arrays">Maps and raw figures that belong to it.</param>
    /// <exception cref="LedgerException">Conflict: another one has its id.</exception>
    CalibrationEntry Add(CalibrationEntry entry, params IReadOnlyList<ArrayEntry> arrays);

    /// <summary>One calibration; null: none.</summary>
    CalibrationEntry? Find(string id);

    /// <summary>Calibrations, youngest first.</summary>
    /// <param name="deviceUid">Only of this device; null: of all.</param>
    /// <param name="before">Id after which the list goes on; null: from the youngest.</param>
    /// <param name="most">Most calibrations.</param>
    IReadOnlyList<CalibrationEntry> List(string? deviceUid = null, string? before = null, int most = 100);

    /// <summary>The one in use; null: none.</summary>
    CalibrationEntry? Active(string deviceUid);

    /// <summary>Puts it in use. The one before, if it is older, is superseded by it.</summary>
    /// <exception cref="LedgerException">NotFound, or Conflict: it is marked bad, or has expired.</exception>
    CalibrationEntry Activate(string id, string by);

    /// <summary>Puts the youngest older one in use that is neither bad nor expired; it is superseded no more.</summary>
    /// <exception cref="LedgerException">NotFound: there is none, or none is in use.</exception>
    CalibrationEntry Rollback(string deviceUid, string by, string why);

    /// <summary>Marks it bad; the first mark stays. If it was in use, none is until another is activated.</summary>
    /// <exception cref="LedgerException">NotFound.</exception>
    CalibrationEntry MarkBad(string id, string by, string why);

    /// <summary>Arrays of a calibration, in order of name.</summary>
    IReadOnlyList<ArrayEntry> Arrays(string id);
}
