using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Daemon.Benches;
using AnalogHil.Devices.Serial.Diagnostics;

namespace AnalogHil.Cli.Lines;

/// <summary>`hil link`: what a serial line carries.</summary>
internal static class LinkCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var port = new Argument<string>("PORT") { Description = $"A {LinkPlaces.Help}" };
        Option<int?> baud = LinkPlaces.Baud();
        var chaos = new Option<ulong?>("--chaos")
        {
            Description = "Put faults into the line: loss, duplication, reordering, corruption, truncation, insertion, stalls, half-open, and "
                + "reboots of a device that the "
                + "bench starts; the seed repeats them",
            HelpName = "SEED",
            CustomParser = Numbers.Natural("it is a whole number from 0"),
        };
        var commands = new Option<int?>("--commands")
        {
            Description = "Echoes of full frames [default: 2000]; half as many go each way alone",
            HelpName = "N",
            CustomParser = Numbers.Count(1, "it is at least 1"),
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on one line" };
        var test = new Command(
            "test",
            """
            Sends echoes to the firmware and measures: bit errors, frames damaged and sent again, throughput against the line's rate (to the device as in
            uploads of tiles, from it as in bulk reads, both at once), round trip of a 16-byte command. Drives nothing. Ends with 76 where a command
            was lost or something wrong was accepted.

            Examples:
              hil link test /dev/ttyUSB0
              hil link test serial-posix --chaos 7 --json
            """)
        {
            port, baud, chaos, commands, json,
        };
        test.SetAction(async (parsed, cancellationToken) => (int)await TestAsync(
            terminal,
            parsed.GetRequiredValue(port),
            parsed.GetValue(baud),
            parsed.GetValue(chaos),
            parsed.GetValue(commands) ?? 2000,
            parsed.GetValue(json),
            cancellationToken));
        return new Command("link", "Tests serial lines to devices.") { test };
    }

    private static async Task<ExitCode> TestAsync(
        Terminal terminal, string given, int? baud, ulong? chaos, int commands, bool json, CancellationToken cancellationToken)
    {
        string place = LinkPlaces.Of(terminal, given);
        LinkTestReport report;
        try
        {
            report = await LinkTesting.RunAsync(place, baud ?? LinkPlaces.UsualBaud, chaos, commands, terminal.Time, cancellationToken);
        }
        catch (Daemon.Errors.CampaignException failure)
        {
            throw new CliException(ExitCodes.Of(failure.Reason), failure.Message, failure);
        }

        if (json)
        {
            terminal.Output.WriteLine(LinkTestJson.Of(report));
        }
        else
        {
            LinkTestView.Write(report, terminal.CreateConsole());
        }

        return report.Passed ? ExitCode.Accept : ExitCode.DeviceFault;
    }
}
