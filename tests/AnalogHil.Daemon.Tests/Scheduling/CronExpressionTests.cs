using System.Globalization;
using AnalogHil.Daemon.Scheduling;

namespace AnalogHil.Daemon.Tests.Scheduling;

public sealed class CronExpressionTests
{
    [Theory]
    [InlineData("30 2 * * *", "2026-01-10T00:00Z", "2026-01-10T01:30Z")]
    [InlineData("30 2 * * *", "2026-01-10T01:30Z", "2026-01-11T01:30Z")]
    [InlineData("30 2 * * *", "2026-07-10T00:00Z", "2026-07-10T00:30Z")]
    [InlineData("*/15 * * * *", "2026-01-10T00:01Z", "2026-01-10T00:15Z")]
    [InlineData("0 9-17/4 * * 1-5", "2026-01-10T12:00Z", "2026-01-12T08:00Z")]
    [InlineData("0 0 1,15 * *", "2026-01-02T00:00Z", "2026-01-14T23:00Z")]
    [InlineData("0 0 29 2 *", "2026-01-01T00:00Z", "2028-02-28T23:00Z")]
    [InlineData("0 12 * * 7", "2026-01-10T00:00Z", "2026-01-11T11:00Z")]
    public void Next_CentralEurope_IsTheTimeOfTheWall(string cron, string after, string expected) => Assert.Equal(At(expected),
        Parsed(cron).Next(At(after), Zones.Central));

    [Fact]
    public void Next_DayOfMonthAndOfWeek_EitherWillDo()
    {
        // The 13th or a Friday, as cron has it: 2026-01-13 is a Tuesday, the 16th a Friday.
        CronExpression both = Parsed("0 0 13 * 5");
        Assert.Equal(At("2026-01-12T23:00Z"), both.Next(At("2026-01-10T00:00Z"), Zones.Central));
        Assert.Equal(At("2026-01-15T23:00Z"), both.Next(At("2026-01-13T00:00Z"), Zones.Central));
    }

    [Fact]
    public void Next_TimeThatTheClocksSkip_IsTheMomentTheySkip()
    {
        // 2026-03-29 02:00 becomes 03:00 in central Europe.
        Assert.Equal(At("2026-03-29T01:00Z"), Parsed("30 2 * * *").Next(At("2026-03-28T12:00Z"), Zones.Central));
        Assert.Equal(At("2026-03-30T00:30Z"), Parsed("30 2 * * *").Next(At("2026-03-29T01:00Z"), Zones.Central));
    }

    [Fact]
    public void Next_TimeThatComesTwice_IsTakenOnce()
    {
        // 2026-10-25 03:00 becomes 02:00: 02:30 comes at 00:30 and at 01:30 UTC.
        Assert.Equal(At("2026-10-25T00:30Z"), Parsed("30 2 * * *").Next(At("2026-10-24T12:00Z"), Zones.Central));
        Assert.Equal(At("2026-10-26T01:30Z"), Parsed("30 2 * * *").Next(At("2026-10-25T00:30Z"), Zones.Central));
    }

    [Fact]
    public void Next_DateThatNeverComes_IsNone() => Assert.Null(Parsed("0 0 31 2 *").Next(At("2026-01-01T00:00Z"), TimeZoneInfo.Utc));

    [Theory]
    [InlineData("", "0 fields")]
    [InlineData("0 2 * *", "4 fields")]
    [InlineData("60 2 * * *", "minute '60'")]
    [InlineData("0 24 * * *", "hour '24'")]
    [InlineData("0 2 0 * *", "day of the month '0'")]
    [InlineData("0 2 * 13 *", "month '13'")]
    [InlineData("0 2 * * 8", "day of the week '8'")]
    [InlineData("5-1 2 * * *", "minute '5-1'")]
    [InlineData("*/0 2 * * *", "minute '*/0'")]
    [InlineData("a 2 * * *", "minute 'a'")]
    public void TryParse_NoCronExpression_SaysWhich(string text, string said)
    {
        Assert.False(CronExpression.TryParse(text, out _, out string? problem));
        Assert.Contains(said, problem, StringComparison.Ordinal);
    }

    internal static CronExpression Parsed(string text)
    {
        Assert.True(CronExpression.TryParse(text, out CronExpression? expression, out string? problem), problem);
        return expression;
    }

    internal static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
