using System.Collections.Immutable;
using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Files;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;

namespace AnalogHil.Cli.Lines;

/// <summary>`hil bench discover`: who answers on this machine's serial lines, and which bench files are for it.</summary>
internal static class LinkDiscoverCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var places = new Argument<string[]>("PORT")
        {
            Description = $"Lines to ask, each a {LinkPlaces.Help} [default: the USB serial ports of this machine]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<int?> baud = LinkPlaces.Baud();
        var wait = new Option<double?>("--wait")
        {
            Description = "Longest wait for an answer on each line, seconds [default: 2]",
            HelpName = "SECONDS",
            CustomParser = Numbers.Real(seconds => seconds is > 0 and <= 600, "must lie in 0 .. 600 seconds"),
        };
        var write = new Option<string?>("--write")
        {
            Description = "Write a bench file for the device that was found; there must be exactly one, and no such file yet",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on one line" };
        var command = new Command(
            "discover",
            """
            Says HELLO on serial lines and shows who answers (serial number, architecture, firmware, watchdog), and whether the bench files of the
            program that name a line fit its device. Drives nothing. Runs on this machine, without a daemon. Ends with 69 where no device answers,
            65 where a bench file of a line does not fit.

            Examples:
              hil bench discover
              hil bench discover /dev/ttyUSB0 --write my-bench.json
              hil bench discover serial-posix --json
            """)
        {
            places, baud, wait, write, json,
        };
        command.SetAction(async (parsed, cancellationToken) => (int)await DiscoverAsync(
            terminal,
            parsed.GetValue(places) ?? [],
            parsed.GetValue(baud) ?? LinkPlaces.UsualBaud,
            TimeSpan.FromSeconds(parsed.GetValue(wait) ?? 2),
            parsed.GetValue(write),
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<ExitCode> DiscoverAsync(
        Terminal terminal, string[] places, int baud, TimeSpan wait, string? write, bool json, CancellationToken cancellationToken)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        ImmutableArray<DiscoveredLine> lines;
        try
        {
            lines = await BenchDiscovery.RunAsync(
                [.. places.Select(place => LinkPlaces.Of(terminal, place))], baud, files.BenchDirectory, wait, terminal.Time, cancellationToken);
            if (write is not null)
            {
                Write(lines, files.Output(write));
            }
        }
        catch (CampaignException failure)
        {
            throw new CliException(ExitCodes.Of(failure.Reason), failure.Message, failure);
        }

        if (json)
        {
            terminal.Output.WriteLine(DiscoveryJson.Of(lines));
        }
        else
        {
            DiscoveryView.Write(lines, terminal.CreateConsole());
        }

        return !lines.Any(line => line.Found.Identity is not null) ? ExitCode.Unavailable
            : lines.Any(line => line.Found.Identity is not null && line.Benches.Any(bench => bench.Problem.Length > 0)) ? ExitCode.BadInput
            : ExitCode.Accept;
    }

    private static void Write(ImmutableArray<DiscoveredLine> lines, string path)
    {
        DiscoveredLine[] found = [.. lines.Where(line => line.Found.Identity is not null)];
        if (found.Length != 1)
        {
            throw new CliException(
                found.Length == 0 ? ExitCode.Unavailable : ExitCode.Usage,
                $"{found.Length} devices answer, a bench file is for one; name its port");
        }

        if (!SerialLines.IsTerminal(found[0].Found.Port))
        {
            throw new CliException(ExitCode.Usage, $"{found[0].Found.Port} is a bench file already; name a port");
        }

        BenchDiscovery.Write(found[0].Found, path);
    }
}
