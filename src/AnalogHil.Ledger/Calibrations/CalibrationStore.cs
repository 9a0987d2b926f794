using AnalogHil.Ledger.Audit;
using AnalogHil.Ledger.Records;
using AnalogHil.Ledger.Storage;

namespace AnalogHil.Ledger.Calibrations;

/// <inheritdoc cref="ICalibrationStore"/>
internal sealed class CalibrationStore(Database database, AuditChain audit, TimeProvider time) : ICalibrationStore
{
    /// <summary>Kind under which the arrays of calibrations are kept; a colon keeps it apart from the kinds of records.</summary>
    public const string Kind = ":calibration";

    private readonly CalibrationTable _table = new(database);
    private readonly ArrayTable _arrays = new(database);

    /// <inheritdoc/>
    public CalibrationEntry Add(CalibrationEntry entry, params IReadOnlyList<ArrayEntry> arrays)
    {
        if (entry.SupersededBy is not null || entry.Bad is not null || entry.ValidUntil <= entry.ValidFrom)
        {
            throw new ArgumentException(
                $"calibration {entry.Id} is new: it is neither superseded nor bad, and holds for a while from {entry.ValidFrom:u}", nameof(entry));
        }

        return database.Write("calibration.add", () =>
        {
            if (_table.Find(entry.Id) is { } there)
            {
                return there.DeviceUid == entry.DeviceUid && there.RawDataHash == entry.RawDataHash && there.Document == entry.Document
                    ? there
                    : throw new LedgerException(
                        LedgerFault.Conflict,
                        $"there is another calibration {entry.Id}, of {there.DeviceUid}, made {there.ValidFrom:u}; choose another id");
            }

            _table.Insert(entry);
            _arrays.Put(Kind, entry.Id, arrays);
            audit.Append(entry.MadeBy, "calibration.add", entry.Id, $"device {entry.DeviceUid}, raw data {entry.RawDataHash}");
            return _table.Find(entry.Id)!;
        });
    }

    /// <inheritdoc/>
    public CalibrationEntry? Find(string id) => _table.Find(id);

    /// <inheritdoc/>
    public IReadOnlyList<CalibrationEntry> List(string? deviceUid = null, string? before = null, int most = 100) => _table.Query(
        """
         where ($device is null or device_uid = $device)
          and ($before is null or (valid_from, id) < (select valid_from, id from calibrations where id = $before))
        order by valid_from desc, id desc limit $most
        """,
        ("$device", deviceUid), ("$before", before), ("$most", most));

    /// <inheritdoc/>
    public CalibrationEntry? Active(string deviceUid) => _table.ActiveId(deviceUid) is { } id ? _table.Find(id) : null;

    /// <inheritdoc/>
    public CalibrationEntry Activate(string id, string by) => database.Write("calibration.activate", () =>
    {
        CalibrationEntry entry = Require(id);
        if (entry.Bad is { } mark)
        {
            throw new LedgerException(
                LedgerFault.Conflict,
                $"calibration {id} was marked bad by {mark.Who} on {mark.When:u}: {mark.Why}; calibrate again or activate another");
        }

        if (time.GetUtcNow() >= entry.ValidUntil)
        {
            throw new LedgerException(LedgerFault.Conflict, $"calibration {id} expired on {entry.ValidUntil:u}; calibrate again or activate another");
        }

        string? before = _table.ActiveId(entry.DeviceUid);
        if (before == id)
        {
            return entry;
        }

        if (before is not null && Require(before).ValidFrom < entry.ValidFrom)
        {
            _table.Supersede(before, id);
        }

        return Use(entry, by, before is null ? "" : $"in place of {before}");
    });

    /// <inheritdoc/>
    public CalibrationEntry Rollback(string deviceUid, string by, string why)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        return database.Write("calibration.rollback", () =>
        {
            CalibrationEntry now = Active(deviceUid)
                ?? throw new LedgerException(LedgerFault.NotFound, $"no calibration of {deviceUid} is in use; activate one");
            CalibrationEntry earlier = _table.Query(
                """
                 where device_uid = $device and (valid_from, id) < ($from, $id) and bad_by is null and valid_until > $now
                order by valid_from desc, id desc limit 1
                """,
                ("$device", deviceUid), ("$from", Columns.Of(now.ValidFrom)), ("$id", now.Id), ("$now", Columns.Of(time.Now()))).FirstOrDefault()
                ?? throw new LedgerException(LedgerFault.NotFound, $"no calibration of {deviceUid} before {now.Id} may be used; calibrate again");
            return Use(earlier, by, $"back from {now.Id}: {why}");
        });
    }

    /// <inheritdoc/>
    public CalibrationEntry MarkBad(string id, string by, string why)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        ArgumentException.ThrowIfNullOrWhiteSpace(why);
        return database.Write("calibration.mark-bad", () =>
        {
            if (Require(id).Bad is null)
            {
                _table.Mark(id, new CalibrationMark(by, why, time.Now()));
                _table.ClearActive(id);
                audit.Append(by, "calibration.mark-bad", id, why);
            }

            return Require(id);
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<ArrayEntry> Arrays(string id) => _arrays.Of(Kind, id);

    private CalibrationEntry Use(CalibrationEntry entry, string by, string detail)
    {
        _table.Supersede(entry.Id, null);
        _table.SetActive(entry.DeviceUid, entry.Id);
        audit.Append(by, "calibration.activate", entry.Id, $"device {entry.DeviceUid}{(detail.Length > 0 ? $", {detail}" : "")}");
        return Require(entry.Id);
    }

    private CalibrationEntry Require(string id) =>
        _table.Find(id) ?? throw new LedgerException(LedgerFault.NotFound, $"no calibration '{id}'; list them");
}
