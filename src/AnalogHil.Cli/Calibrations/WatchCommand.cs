using System.CommandLine;
using System.Globalization;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Signals;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Calibrations.Drift;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;

namespace AnalogHil.Cli.Calibrations;

/// <summary>`hil calibrate watch`: probes a calibrated bench for drift and renews what drifted.</summary>
internal static class WatchCommand
{
    private const int UsualProbes = 20;

    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var bench = new Option<string>("--bench", "-b") { Description = "Bench file, or name of a bench that comes with the program", HelpName = "FILE",
            Required = true };
        var probes = new Option<int?>("--probes") { Description = $"Probes to make; 0 goes on until it is stopped [default: {UsualProbes}]",
            HelpName = "N", CustomParser = Numbers.Count(0, "must be a whole number, at least 0") };
        var every = new Option<double?>("--every")
        {
            Description = "Seconds between two probes [default: 1]", HelpName = "SECONDS", CustomParser = Numbers.Real(seconds =>
                seconds is >= 0 and <= 86400, "must lie in 0 .. 86400 seconds"),
        };
        var output = new Option<string?>("--out", "-o") { Description = "Folder for a renewed calibration [default: calibrations/<UTC time>-drift]",
            HelpName = "DIR" };
        var record = new Option<string?>("--record") { Description =
            "Directory of a campaign on this bench: after a renewal its plan is certified anew, and re-allocated within its energy where it does not hold",
                HelpName = "DIR" };
        Option<string?> store = StoreOption.Create();
        Option<bool> json = JsonOption.Create("Print one JSON object a line: each probe, an alarm, and what the watch came to");
        var command = new Command(
            "watch",
            """
            Probes a bench against the calibration in use: a few hundred reads a probe, under a second of the device, one false alarm in 1,000 probes
            on average. On an alarm only what drifted is read again and the renewed calibration is put in use. Ends with 0 while nothing drifted, with
            2 after a renewal, with 1 where the plan of the record cannot be kept up within its energy (degraded).

            Examples:
              hil calibrate watch --bench crossbar
              hil calibrate watch --bench crossbar --probes 0 --every 60 --json | jq -c '.alarm // empty'
            """)
        {
            bench, probes, every, output, record, store, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var interrupts = new Interrupts(terminal);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupts.Requested, cancellationToken);
            using CalibrationLedger ledger = StoreOption.Open(terminal, parsed.GetValue(store));
            var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
            string folder = files.Record(parsed.GetValue(output)
                ?? Path.Combine("calibrations", string.Create(CultureInfo.InvariantCulture,
                    $"{terminal.Time.GetUtcNow().UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-drift")));
            WatchJson? lines = parsed.GetValue(json) ? new WatchJson(terminal.Output.WriteLine) : null;
            try
            {
                var order = new DriftOrder(
                    files.Bench(parsed.GetRequiredValue(bench)), folder, Environment.UserName, parsed.GetValue(probes) ?? UsualProbes,
                    TimeSpan.FromSeconds(parsed.GetValue(every) ?? 1));
                IDriftObserver observer = lines is null ? new DriftLines(terminal.Output.WriteLine) : lines;
                DriftReport report = await DriftPatrol.RunAsync(order, ledger.Shelf, observer, terminal.Time, stop.Token);
                Show(terminal, lines, report);
                if (report.Renewed is { } renewed && parsed.GetValue(record) is { } campaign)
                {
                    Reallocation plan = await DriftReallocation.OfRecordAsync(
                        files.Record(campaign), renewed, OptionsOf(files, terminal), folder, stop.Token);
                    Show(terminal, lines, plan);
                    report = report with { Plan = plan };
                }

                return (int)(report.Renewed is null ? ExitCode.Accept : report.Plan?.Outcome == ReallocationOutcome.Degraded
                    ? ExitCode.Reject : ExitCode.Inconclusive);
            }
            catch (CampaignException failure)
            {
                throw new CliException(ExitCodes.Of(failure.Reason), failure.Message, failure);
            }
        });
        return command;
    }

    private static void Show(Terminal terminal, WatchJson? lines, DriftReport report)
    {
        if (lines is null)
        {
            terminal.Output.WriteLine(report.Detail);
        }
        else
        {
            lines.OnReport(report);
        }
    }

    private static void Show(Terminal terminal, WatchJson? lines, Reallocation plan)
    {
        if (lines is null)
        {
            terminal.Output.WriteLine(plan.Reason);
        }
        else
        {
            lines.OnPlan(plan);
        }
    }

    // Nothing listens: only the directories and the clock count.
    private static DaemonOptions OptionsOf(InputFiles files, Terminal terminal) => new()
    {
        SocketPath = files.Output("hil.sock"),
        BenchDirectory = files.BenchDirectory,
        PreprocessingDirectory = files.PreprocessingDirectory,
        Time = terminal.Time,
    };
}
