using System.CommandLine;
using AnalogHil.Cli.Access;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Files;
using AnalogHil.Cli.Models;
using AnalogHil.Cli.Signals;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Telemetry.Exposition;
using AnalogHil.Daemon.Telemetry.Logs;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Cli.Commands;

/// <summary>`hil daemon`: serves until it is told to stop.</summary>
internal static class DaemonCommand
{
    /// <summary>The command with its options.</summary>
    public static Command Create(Terminal terminal)
    {
        var socket = new Option<string?>("--socket")
        {
            Description = $"Unix socket to listen on, in a directory that is closed to others [default: {DefaultSocket()}]",
            HelpName = "PATH",
        };
        var state = new Option<string?>("--state")
        {
            Description = $"Directory for what outlives the daemon: operations, leases, models, plans [default: state beside a socket that is named, else {DefaultState()}]",
            HelpName = "DIR",
        };
        var benches = new Option<string?>("--benches")
        {
            Description = "Directory of the bench files listed by name [default: those that come with the program]",
            HelpName = "DIR",
        };
        var metrics = new Option<string?>("--metrics")
        {
            Description = "Serves metrics for Prometheus at /metrics on this address of this machine: 127.0.0.1:9464 or unix:/path/to/socket",
            HelpName = "ADDRESS",
        };
        var log = new Option<LogFormat?>("--log")
        {
            Description = "How the log is written: text, or json for one object a line [default: text, with --json json]",
        };
        Option<bool> json = JsonOption.Create("Print what it serves on as one JSON object on a line of its own, {\"listening\": ...}, and the log as one object a line");
        var probe = new Option<string[]>("--probe")
        {
            Description = "Benches whose idle devices are probed for health, by name or path; 'none' for no probes "
                + "[default: those of --benches that are simulated; a serial line is opened, or a program started, only when named]",
            HelpName = "BENCH",
            AllowMultipleArgumentsPerToken = true,
        };
        var launch = new Option<string[]>("--launch-from")
        {
            Description = "Directory whose bench files may start programs (a serial bench's launch), beside that of the benches; may be given again",
            HelpName = "DIR",
        };
        var schedule = new Option<string?>("--schedule")
        {
            Description = "Schedule file of calibrations that run by themselves; check it with hil calibrate schedule FILE",
            HelpName = "FILE",
        };
        var command = new Command(
            "daemon",
            """
            Runs the daemon: owns the devices, runs campaigns, serves gRPC on a Unix socket that only its owner can use. SIGTERM,
            SIGHUP and Ctrl-C stop it; running campaigns make their devices safe first and can be resumed. Under systemd (Type=notify) it
            tells when it is ready and feeds the watchdog while its work gets on. See docs/daemon.md.

            Example:
              hil daemon --socket ~/.hil/hil.sock &
              hil run --server ~/.hil/hil.sock
            """)
        {
            socket, state, benches, metrics, log, probe, launch, schedule, json,
        };
        var remote = new ListenOptions();
        remote.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) => (int)await ServeAsync(
            terminal,
            options => remote.Apply(parsed, options, terminal) with
            {
                SocketPath = Absolute(terminal, parsed.GetValue(socket) ?? DefaultSocket()),
                StateDirectory = Absolute(terminal, parsed.GetValue(state) ?? (parsed.GetValue(socket) is { } given ? StateBeside(given) : DefaultState())),
                BenchDirectory = parsed.GetValue(benches) is { } directory ? Absolute(terminal, directory) : options.BenchDirectory,
                LaunchDirectories = [.. (parsed.GetValue(launch) ?? []).Select(directory => Absolute(terminal, directory))],
                ScheduleFile = Checked(terminal, parsed.GetValue(schedule)),
                Metrics = MetricsAt(parsed.GetValue(metrics)),
                ProbeInterval = parsed.GetValue(probe) is ["none"] ? null : options.ProbeInterval,
                ProbedBenches = parsed.GetValue(probe) is { Length: > 0 } named && named is not ["none"] ? named : null,
            },
            parsed.GetValue(log) ?? (parsed.GetValue(json) ? LogFormat.Json : LogFormat.Text),
            parsed.GetValue(json),
            cancellationToken));
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(log) == LogFormat.Text)
            {
                result.AddError("--log text cannot stand with --json, whose every line is an object; leave one of them out");
            }
        });
        return command;
    }

    /// <summary>Where the daemon keeps what outlives it: in the user's own state directory.</summary>
    public static string DefaultState() => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "analoghil");

    /// <summary>In the user's own runtime directory where the system gives one.</summary>
    public static string DefaultSocket() => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime
            ? Path.Combine(runtime, "analoghil")
            : Path.Combine(Path.GetTempPath(), $"analoghil-{Environment.UserName}"),
        "hil.sock");

    private static string StateBeside(string socket) => Path.Combine(Path.GetDirectoryName(socket) ?? "", "state");

    private static string Absolute(Terminal terminal, string path) => new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory).Output(path);

    // Before anything listens: errors of a schedule would be found out in the night.
    private static string? Checked(Terminal terminal, string? schedule)
    {
        if (schedule is null)
        {
            return null;
        }

        _ = Calibrations.ScheduleCommand.Read(terminal, schedule);
        return Absolute(terminal, schedule);
    }

    private static MetricsAddress? MetricsAt(string? text) => text is null ? null
        : MetricsAddress.TryParse(text, out MetricsAddress? address, out string? refusal) ? address
        : throw new CliException(ExitCode.Usage, refusal);

    private static async Task<ExitCode> ServeAsync(
        Terminal terminal, Func<DaemonOptions, DaemonOptions> asked, LogFormat log, bool json, CancellationToken cancellationToken)
    {
        using var interrupts = new Interrupts(terminal);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupts.Requested, cancellationToken);
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        await using DaemonHost daemon = Build(
            asked(new DaemonOptions
            {
                SocketPath = files.Output(DefaultSocket()),
                BenchDirectory = files.BenchDirectory,
                PreprocessingDirectory = files.PreprocessingDirectory,
                HandlesSignals = false,
                ServiceManager = ServiceManager.FromEnvironment(),
                Time = terminal.Time,
            }),
            logging => logging.AddDaemonLog(log));
        try
        {
            await daemon.StartAsync(CancellationToken.None);
        }
        catch (CampaignException refused)
        {
            throw Unavailable(refused);
        }

        if (json)
        {
            await terminal.Output.WriteLineAsync(ListeningJson(daemon));
        }

        // A log in JSON says so itself, and every line of its output is a record.
        else if (log == LogFormat.Text)
        {
            await terminal.Output.WriteLineAsync($"listening on {daemon.SocketPath}");
            foreach (string address in daemon.Addresses.Where(address => !address.Contains("unix:", StringComparison.Ordinal)))
            {
                await terminal.Output.WriteLineAsync($"listening on {address}");
            }
        }

        await daemon.WaitForShutdownAsync(stop.Token);
        return daemon.CampaignsEnded ? ExitCode.Accept : throw new CliException(ExitCode.DeviceFault, DaemonHost.UnfinishedMessage);
    }

    private static string ListeningJson(DaemonHost daemon) => JsonLine.Write(json =>
    {
        json.WriteStartObject("listening");
        json.WriteString("socket", daemon.SocketPath);
        json.WriteStartArray("addresses");
        foreach (string address in daemon.Addresses)
        {
            json.WriteStringValue(address);
        }

        json.WriteEndArray();
        json.WriteNumber("pid", Environment.ProcessId);
        json.WriteString("version", BuildInfo.Version);
        json.WriteString("commit", BuildInfo.Commit);
        json.WriteEndObject();
    });

    private static DaemonHost Build(DaemonOptions options, Action<ILoggingBuilder> logging)
    {
        try
        {
            return DaemonHost.Build(options, logging);
        }
        catch (CampaignException refused)
        {
            throw Unavailable(refused);
        }
    }

    private static CliException Unavailable(CampaignException refused) => new(ExitCode.Unavailable, refused.Message, refused);
}
