using System.CommandLine;
using System.Globalization;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Models;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Scheduling;
using Spectre.Console;

namespace AnalogHil.Cli.Calibrations;

/// <summary>`hil calibrate schedule`: checks a schedule file and shows what it means.</summary>
internal static class ScheduleCommand
{
    private const int UsualTimes = 3;

    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Schedule file, as hil daemon --schedule takes it (docs/calibration/schedule.md)" };
        var next = new Option<int?>("--next", "-n") { Description = $"Times to show of every entry [default: {UsualTimes}]", HelpName = "N",
            CustomParser = Numbers.Count(1, "must be a whole number, at least 1") };
        Option<bool> json = JsonOption.Create();
        var command = new Command("schedule",
            "Checks a schedule of unattended calibrations and shows the next times, in the zone of each entry and in UTC.") { file, next, json };
        command.SetAction(parsed =>
        {
            Write(terminal, Read(terminal, parsed.GetRequiredValue(file)), parsed.GetValue(next) ?? UsualTimes, parsed.GetValue(json));
            return (int)ExitCode.Accept;
        });
        return command;
    }

    /// <summary>Reads a schedule; a name of a bench is one that comes with the program, or a path.</summary>
    /// <exception cref="CliException">BadInput; every error was said.</exception>
    public static CalibrationSchedule Read(Terminal terminal, string given)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        try
        {
            return ScheduleReader.Read(Path.GetFullPath(given, terminal.CurrentDirectory), name =>
            {
                try
                {
                    return files.Bench(name);
                }
                catch (CliException missing)
                {
                    throw new CampaignException(V1.ErrorReason.NotFound, missing.Message, missing);
                }
            });
        }
        catch (CampaignException bad)
        {
            foreach (FieldError error in bad.Fields)
            {
                terminal.Say($"  {error.Path}: {error.Message}");
            }

            throw new CliException(ExitCode.BadInput, bad.Message, bad);
        }
    }

    private static void Write(Terminal terminal, CalibrationSchedule schedule, int times, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(JsonOf(CalibrationScheduler.Next(schedule, terminal.Time.GetUtcNow(), times)));
            return;
        }

        Table table = new Table().Border(TableBorder.Rounded).AddColumn("entry").AddColumn("bench").AddColumn("time of its zone").AddColumn("UTC").AddColumn("");
        foreach ((ScheduleEntry entry, DateTimeOffset at, string? skipped) in CalibrationScheduler.Next(schedule, terminal.Time.GetUtcNow(), times))
        {
            DateTimeOffset local = TimeZoneInfo.ConvertTime(at, entry.Zone);
            table.AddRow(
                Markup.Escape(entry.Name), Markup.Escape(Path.GetFileNameWithoutExtension(entry.BenchFile)),
                Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{local:ddd yyyy-MM-dd HH:mm zzz} {entry.Zone.Id}")),
                at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Markup.Escape(skipped is null ? "" : $"skipped: {skipped}"));
        }

        terminal.CreateConsole().Write(table);
    }

    private static string JsonOf(IEnumerable<(ScheduleEntry Entry, DateTimeOffset At, string? Skipped)> times) => JsonLine.Write(json =>
    {
        json.WriteStartArray("times");
        foreach ((ScheduleEntry entry, DateTimeOffset at, string? skipped) in times)
        {
            json.WriteStartObject();
            json.WriteString("entry", entry.Name);
            json.WriteString("bench", entry.BenchFile);
            json.WriteString("utc", at.UtcDateTime);
            json.WriteString("local", TimeZoneInfo.ConvertTime(at, entry.Zone));
            json.WriteString("zone", entry.Zone.Id);
            json.WriteString("skipped", skipped);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
