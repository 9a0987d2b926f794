using System.Diagnostics.CodeAnalysis;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>
/// Minute, hour, day of the month, month, day of the week (0 or 7 is Sunday), as cron has them; where both days are given, either will do. Times are those
/// of a
/// stated time zone: a time that the clocks skip in spring is taken at the moment they skip, one that comes twice in autumn the first time only.
/// </summary>
internal sealed class CronExpression
{
    // The 29th of February on a given weekday comes within 40 years.
    private const int LongestSearchDays = 366 * 41;
    private readonly CronField _minute;
    private readonly CronField _hour;
    private readonly CronField _day;
    private readonly CronField _month;
    private readonly CronField _weekday;

    private CronExpression(string text, string[] fields)
    {
        Text = text;
        _minute = CronField.Parse(fields[0], "minute", 0, 59);
        _hour = CronField.Parse(fields[1], "hour", 0, 23);
        _day = CronField.Parse(fields[2], "day of the month", 1, 31);
        _month = CronField.Parse(fields[3], "month", 1, 12);
        CronField weekday = CronField.Parse(fields[4], "day of the week", 0, 7);
        _weekday = weekday with { Values = [.. weekday.Values.Select(day => day % 7).Distinct().Order()] };
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Reads an expression.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CronExpression? expression, [NotNullWhen(false)] out string? problem)
    {
        string[] fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        (expression, problem) = (null, null);
        if (fields.Length != 5)
        {
            problem = $"'{text}' has {fields.Length} fields; there are five: minute hour day month weekday, for example 30 2 * * 1-5";
            return false;
        }

        try
        {
            expression = new CronExpression(text, fields);
            return true;
        }
        catch (FormatException wrong)
        {
            problem = wrong.Message;
            return false;
        }
    }

    /// <summary>First time after a moment; null when it never comes (the 31st of February).</summary>
    /// <param name="after">Moment; the result is later.</param>
    /// <param name="zone">Time zone of the expression.</param>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        DateTime start = TimeZoneInfo.ConvertTime(after, zone).DateTime;

        // One day earlier: what the clocks do may move a time of yesterday's date past the moment.
        DateOnly day = DateOnly.FromDateTime(start).AddDays(-1);
        for (int i = 0; i < LongestSearchDays; i++, day = day.AddDays(1))
        {
            if (!Holds(day))
            {
                continue;
            }

            foreach (int hour in _hour.Values)
            {
                foreach (int minute in _minute.Values)
                {
                    DateTimeOffset at = AtInstant(day.ToDateTime(new TimeOnly(hour, minute)), zone);
                    if (at > after)
                    {
                        return at;
                    }
                }
            }
        }

        return null;
    }

    private static DateTimeOffset AtInstant(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            DateTime valid = local;
            while (zone.IsInvalidTime(valid))
            {
                valid = valid.AddMinutes(1);
            }

            return new DateTimeOffset(valid, zone.GetUtcOffset(valid)).ToUniversalTime();
        }

        TimeSpan offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private bool Holds(DateOnly day)
    {
        bool inMonth = _day.Values.Contains(day.Day);
        bool inWeek = _weekday.Values.Contains((int)day.DayOfWeek);
        bool either = _day.IsAny || _weekday.IsAny ? inMonth && inWeek : inMonth || inWeek;
        return either && _month.Values.Contains(day.Month);
    }
}
