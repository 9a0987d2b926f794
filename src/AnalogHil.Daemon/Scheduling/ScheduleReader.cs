using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>Reads a schedule file (docs/calibration/schedule.md) and says of all of it at once what is wrong.</summary>
internal sealed class ScheduleReader
{
    private const int MostProbes = 1000;
    private readonly string _folder;
    private readonly Func<string, string> _bench;
    private readonly ImmutableArray<FieldError>.Builder _errors = ImmutableArray.CreateBuilder<FieldError>();

    private ScheduleReader(string folder, Func<string, string> bench) => (_folder, _bench) = (folder, bench);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bench">Path of a bench by name or path.</param>
    /// <exception cref="CampaignException">RequestInvalid, with every error.</exception>
    public static CalibrationSchedule Read(string path, Func<string, string> bench)
    {
        ScheduleText? text;
        try
        {
            text = JsonSerializer.Deserialize(File.ReadAllText(path), ScheduleJsonContext.Default.ScheduleText);
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CampaignException(ErrorReason.RequestInvalid, $"the schedule {path} cannot be read: {unreadable.Message}", unreadable);
        }

        var reader = new ScheduleReader(Path.GetDirectoryName(Path.GetFullPath(path))!, bench);
        CalibrationSchedule schedule = reader.Checked(text ?? new ScheduleText());
        return reader._errors.Count == 0
            ? schedule
            : throw new CampaignException(ErrorReason.RequestInvalid,
                $"{reader._errors.Count} errors in the schedule {path}, the first at {reader._errors[0].Path}: {reader._errors[0].Message}")
            {
                Fields = reader._errors.ToImmutable(),
            };
    }

    private CalibrationSchedule Checked(ScheduleText text)
    {
        var entries = ImmutableArray.CreateBuilder<ScheduleEntry>();
        foreach ((int i, ScheduleText.EntryText entry) in (text.Entries ?? []).Index())
        {
            string at = $"$.entries[{i}]";
            Named(at, entry.Name, entries);
            (CronExpression? times, TimeZoneInfo? zone, string? file) = When(at, entry.Cron, entry.TimeZone, entry.Bench);
            SuiteOptions options = Options(at, entry);
            if (times is not null && zone is not null && file is not null && entry.Name is not null)
            {
                entries.Add(new ScheduledCalibration(
                    entry.Name, file, times, zone, options, Path.GetFullPath(entry.Out ?? "calibrations", _folder), entry.Activate ?? true));
            }
        }

        foreach ((int i, ScheduleText.WatchText watch) in (text.Watches ?? []).Index())
        {
            string at = $"$.watches[{i}]";
            Named(at, watch.Name, entries);
            (CronExpression? times, TimeZoneInfo? zone, string? file) = When(at, watch.Cron, watch.TimeZone, watch.Bench);
            if (watch.Probes is < 1 or > MostProbes)
            {
                Add($"{at}.probes", string.Create(CultureInfo.InvariantCulture, $"is {watch.Probes}, must lie in 1 .. {MostProbes}; 1 is usual"));
            }

            if (times is not null && zone is not null && file is not null && watch.Name is not null)
            {
                entries.Add(new ScheduledWatch(
                    watch.Name, file, times, zone, watch.Probes ?? 1, Path.GetFullPath(watch.Out ?? "calibrations", _folder),
                    watch.Record is null ? null : Path.GetFullPath(watch.Record, _folder)));
            }
        }

        return new CalibrationSchedule(entries.ToImmutable(), [.. (text.Maintenance ?? []).Select(Window).OfType<MaintenanceWindow>()]);
    }

    private void Named(string at, string? name, IEnumerable<ScheduleEntry> before)
    {
        if (string.IsNullOrWhiteSpace(name) || before.Any(other => other.Name == name))
        {
            Add($"{at}.name", $"'{name}' is empty or used before; give every entry and watch a name of its own");
        }
    }

    private (CronExpression? Times, TimeZoneInfo? Zone, string? File) When(string at, string? cron, string? zone, string? bench) =>
        (Cron($"{at}.cron", cron), Zone($"{at}.timeZone", zone), Bench($"{at}.bench", bench));

    private MaintenanceWindow? Window(ScheduleText.WindowText window, int i)
    {
        string at = $"$.maintenance[{i}]";
        TimeZoneInfo? zone = Zone($"{at}.timeZone", window.TimeZone);
        string? bench = window.Bench is null or "*" ? null : Bench($"{at}.bench", window.Bench);
        if (!(window.Hours is > 0 and <= 24 * 31))
        {
            Add($"{at}.hours", $"a window of {window.Hours?.ToString(CultureInfo.InvariantCulture) ?? "no"} hours; it lasts above 0 and at most 744");
        }

        if (window.Cron is null == window.From is null)
        {
            Add(at, "give either cron, for a window that comes again, or from, for one that comes once");
            return null;
        }

        CronExpression? begins = window.Cron is null ? null : Cron($"{at}.cron", window.Cron);
        DateTimeOffset? once = window.From is null || zone is null ? null : Moment($"{at}.from", window.From, zone);
        return zone is null || (begins is null && once is null) ? null : new MaintenanceWindow(bench, begins, once, TimeSpan.FromHours(window.Hours ?? 1),
            zone, window.Why ?? "maintenance");
    }

    private CronExpression? Cron(string at, string? text)
    {
        if (CronExpression.TryParse(text ?? "", out CronExpression? expression, out string? problem))
        {
            return expression;
        }

        Add(at, problem);
        return null;
    }

    private TimeZoneInfo? Zone(string at, string? name)
    {
        if (name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone))
        {
            return zone;
        }

        Add(at, name is null ? "the time zone is missing; name one, for example Europe/Berlin or UTC" : $"there is no time zone '{name}' on this machine; name one of the IANA data base, for example Europe/Berlin or UTC");
        return null;
    }

    private DateTimeOffset? Moment(string at, string text, TimeZoneInfo zone)
    {
        if (DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out DateTime local) && !zone.IsInvalidTime(local))
        {
            return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
        }

        Add(at, $"'{text}' is no time of {zone.Id}; write for example 2026-11-23T22:00");
        return null;
    }

    private string? Bench(string at, string? name)
    {
        try
        {
            return _bench(name ?? "");
        }
        catch (CampaignException missing)
        {
            Add(at, missing.Message);
            return null;
        }
    }

    private SuiteOptions Options(string at, ScheduleText.EntryText entry)
    {
        var options = new SuiteOptions
        {
            Routines = entry.Routines is { Length: > 0 } routines ? [.. routines] : SuiteCatalog.Usual,
            RelativeHalfWidth = (entry.SigmaHalfWidthPercent ?? 5) / 100,
            ColumnHalfWidth = (entry.ColumnHalfWidthPercent ?? 10) / 100,
            ValidFor = TimeSpan.FromHours(entry.ValidForHours ?? 24),
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentException wrong)
        {
            Add(at, wrong.Message);
        }

        return options;
    }

    private void Add(string at, string message) => _errors.Add(new FieldError(at, message));
}
