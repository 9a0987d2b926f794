namespace AnalogHil.Daemon.Tests.Scheduling;

/// <summary>Central European time by its rule, whatever data base of time zones the machine has.</summary>
internal static class Zones
{
    public static TimeZoneInfo Central { get; } = TimeZoneInfo.CreateCustomTimeZone(
        "central", TimeSpan.FromHours(1), "central", "central", "central summer",
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday)),
        ]);
}
