using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Scheduling;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Scheduling;

public sealed class ScheduleReaderTests
{
    [Fact]
    public void Read_GoodFile_GivesEntriesWithTheirZones()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["schedule.json"], """
            {
              "entries": [
                { "name": "nightly", "bench": "crossbar", "cron": "30 2 * * 1-5", "timeZone": "UTC", "routines": ["mix", "averaging"], "sigmaHalfWidthPercent": 2, "out": "nights" }
              ],
              "maintenance": [
                { "bench": "*", "cron": "0 2 * * 0", "hours": 2, "timeZone": "UTC", "why": "cooling water" },
                { "bench": "crossbar", "from": "2026-11-23T22:00", "hours": 10, "timeZone": "UTC" }
              ]
            }
            """);
        CalibrationSchedule schedule = ScheduleReader.Read(directory["schedule.json"], name => "/benches/" + name);
        ScheduledCalibration entry = Assert.IsType<ScheduledCalibration>(Assert.Single(schedule.Entries));
        Assert.Equal(("nightly", "/benches/crossbar", 0.02, directory["nights"]), (entry.Name, entry.BenchFile, entry.Options.RelativeHalfWidth,
            entry.OutputDirectory));
        Assert.Equal(["mix", "averaging"], entry.Options.Routines.AsEnumerable());
        Assert.Equal([null, "/benches/crossbar"], schedule.Maintenance.Select(window => window.BenchFile));
    }

    [Fact]
    public void Read_SeveralErrors_SaysAllWithTheirPlaces()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["schedule.json"], """
            {
              "entries": [
                { "name": "", "bench": "missing", "cron": "61 2 * * *", "timeZone": "Mars/Olympus" },
                { "name": "b", "bench": "crossbar", "cron": "0 2 * * *", "routines": ["mixx"] }
              ],
              "maintenance": [ { "hours": 0, "timeZone": "UTC" } ]
            }
            """);
        CampaignException refused = Assert.Throws<CampaignException>(() => ScheduleReader.Read(
            directory["schedule.json"], name => name == "crossbar" ? "/c.json" : throw new CampaignException(ErrorReason.NotFound, $"no bench '{name}'")));
        Assert.Equal(ErrorReason.RequestInvalid, refused.Reason);
        Assert.Equal(
            ["$.entries[0].name", "$.entries[0].cron", "$.entries[0].timeZone", "$.entries[0].bench", "$.entries[1].timeZone", "$.entries[1]",
                "$.maintenance[0].hours", "$.maintenance[0]"],
            refused.Fields.Select(field => field.Path));
    }

    [Fact]
    public void Read_WatchesAlone_GivesThemWithTheirProbesAndRecord()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["schedule.json"], """
            {
              "watches": [
                { "name": "drift", "bench": "crossbar", "cron": "*/5 * * * *", "timeZone": "UTC", "probes": 3, "out": "renewed", "record": "campaign" },
                { "name": "other", "bench": "crossbar", "cron": "0 * * * *", "timeZone": "UTC" }
              ]
            }
            """);
        CalibrationSchedule schedule = ScheduleReader.Read(directory["schedule.json"], name => "/benches/" + name);
        Assert.Empty(schedule.Maintenance);
        ScheduledWatch[] watches = [.. schedule.Entries.Cast<ScheduledWatch>()];
        Assert.Equal(("drift", 3, directory["renewed"], directory["campaign"]), (watches[0].Name, watches[0].Probes, watches[0].OutputDirectory, watches[0].Record));
        Assert.Equal((1, null), (watches[1].Probes, watches[1].Record));
    }

    [Fact]
    public void Read_WrongWatches_SaysAllWithTheirPlaces()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["schedule.json"], """
            {
              "entries": [ { "name": "nightly", "bench": "crossbar", "cron": "0 2 * * *", "timeZone": "UTC" } ],
              "watches": [ { "name": "nightly", "bench": "crossbar", "cron": "0 2 * * *", "timeZone": "UTC", "probes": 0 } ]
            }
            """);
        CampaignException refused = Assert.Throws<CampaignException>(() => ScheduleReader.Read(directory["schedule.json"], name => name));
        Assert.Equal(["$.watches[0].name", "$.watches[0].probes"], refused.Fields.Select(field => field.Path));
    }

    [Fact]
    public void Read_UnknownName_IsAnError()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["schedule.json"], """{ "entrys": [] }""");
        Assert.Contains("entrys", Assert.Throws<CampaignException>(() => ScheduleReader.Read(directory["schedule.json"], name => name)).Message,
            StringComparison.Ordinal);
    }
}
