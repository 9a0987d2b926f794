using AnalogHil.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace AnalogHil.Ledger.Calibrations;

/// <summary>Calibrations on the disk.</summary>
internal sealed class CalibrationTable(Database database)
{
    private const string Select =
        """
        select id, device_uid, bench, firmware, temperature, method, code_version, seed, raw_hash, document, made_by, valid_from, valid_until,
          superseded_by, bad_by, bad_why, bad_at from calibrations
        """;

    public void Insert(CalibrationEntry entry)
    {
        database.Execute(
            """
            insert into calibrations (
              id, device_uid, bench, firmware, temperature, method, code_version, seed, raw_hash, document, made_by, valid_from, valid_until)
            values ($id, $device, $bench, $firmware, $temperature, $method, $code, $seed, $raw, $document, $by, $from, $until)
            """,
            ("$id", entry.Id), ("$device", entry.DeviceUid), ("$bench", entry.Bench), ("$firmware", entry.Firmware), ("$temperature", entry.TemperatureKelvin),
            ("$method", entry.Method), ("$code", entry.CodeVersion), ("$seed", unchecked((long)entry.Seed)), ("$raw", entry.RawDataHash),
            ("$document", entry.Document), ("$by", entry.MadeBy), ("$from", Columns.Of(entry.ValidFrom)), ("$until", Columns.Of(entry.ValidUntil)));
        foreach (CalibrationFigure figure in entry.Figures)
        {
            database.Execute(
                "insert into calibration_figures values ($id, $name, $value, $unit, $low, $high, $level, $n, $method)",
                ("$id", entry.Id), ("$name", figure.Name), ("$value", figure.Value), ("$unit", figure.Unit), ("$low", figure.Low), ("$high", figure.High),
                ("$level", figure.Level), ("$n", figure.N), ("$method", figure.Method));
        }
    }

    public CalibrationEntry? Find(string id) => Query(" where id = $id", ("$id", id)).FirstOrDefault();

    public List<CalibrationEntry> Query(string where, params ReadOnlySpan<(string Name, object? Value)> values) =>
        [.. database.Query(Select + where, Read, values).Select(entry => entry with { Figures = [.. Figures(entry.Id)] })];

    public string? ActiveId(string deviceUid) => database.Query(
        "select calibration from active_calibrations where device_uid = $device", row => row.GetString(0), ("$device", deviceUid)).FirstOrDefault();

    public void SetActive(string deviceUid, string id) => database.Execute(
        "insert into active_calibrations values ($device, $id) on conflict (device_uid) do update set calibration = excluded.calibration",
        ("$device", deviceUid), ("$id", id));

    public void ClearActive(string id) => database.Execute("delete from active_calibrations where calibration = $id", ("$id", id));

    public void Supersede(string id, string? successor) => database.Execute(
        "update calibrations set superseded_by = $successor where id = $id", ("$successor", successor), ("$id", id));

    public void Mark(string id, CalibrationMark mark) => database.Execute(
        "update calibrations set bad_by = $by, bad_why = $why, bad_at = $at where id = $id",
        ("$by", mark.Who), ("$why", mark.Why), ("$at", Columns.Of(mark.When)), ("$id", id));

    private List<CalibrationFigure> Figures(string id) => database.Query(
        "select name, value, unit, low, high, level, n, method from calibration_figures where calibration = $id order by name",
        row => new CalibrationFigure(
            row.GetString(0), row.GetDouble(1), row.GetString(2), row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetInt64(6), row.GetString(7)),
        ("$id", id));

    private static CalibrationEntry Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        DeviceUid = row.GetString(1),
        Bench = row.GetString(2),
        Firmware = row.GetString(3),
        TemperatureKelvin = row.IsDBNull(4) ? null : row.GetDouble(4),
        Method = row.GetString(5),
        CodeVersion = row.GetString(6),
        Seed = unchecked((ulong)row.GetInt64(7)),
        RawDataHash = row.GetString(8),
        Document = row.GetString(9),
        MadeBy = row.GetString(10),
        ValidFrom = row.Time(11),
        ValidUntil = row.Time(12),
        SupersededBy = row.TextOrNull(13),
        Bad = row.IsDBNull(14) ? null : new CalibrationMark(row.GetString(14), row.GetString(15), row.Time(16)),
        Figures = [],
    };
}
