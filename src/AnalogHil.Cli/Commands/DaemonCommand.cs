using System.CommandLine;
using AnalogHil.Cli.Files;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
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
        var benches = new Option<string?>("--benches")
        {
            Description = "Directory of the bench files listed by name [default: those that come with the program]",
            HelpName = "DIR",
        };
        var command = new Command(
            "daemon",
            """
            Runs the daemon: owns the devices, runs campaigns, serves gRPC on a Unix socket that only its owner can use. SIGTERM,
            SIGHUP and Ctrl-C stop it; running campaigns make their devices safe first and can be resumed.

            Example:
              hil daemon --socket ~/.hil/hil.sock &
              hil run --server ~/.hil/hil.sock
            """)
        {
            socket, benches,
        };
        command.SetAction(async (parsed, cancellationToken) => (int)await ServeAsync(
            terminal, parsed.GetValue(socket) ?? DefaultSocket(), parsed.GetValue(benches), cancellationToken));
        return command;
    }

    /// <summary>In the user's own runtime directory where the system gives one.</summary>
    private static string DefaultSocket() => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime
            ? Path.Combine(runtime, "analoghil")
            : Path.Combine(Path.GetTempPath(), $"analoghil-{Environment.UserName}"),
        "hil.sock");

    private static async Task<ExitCode> ServeAsync(Terminal terminal, string socket, string? benches, CancellationToken cancellationToken)
    {
        using var interrupts = new Interrupts(terminal);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupts.Requested, cancellationToken);
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        await using DaemonHost daemon = Build(
            new DaemonOptions
            {
                SocketPath = files.Output(socket),
                BenchDirectory = benches is null ? files.BenchDirectory : files.Output(benches),
                PreprocessingDirectory = files.PreprocessingDirectory,
                HandlesSignals = false,
                Time = terminal.Time,
            },
            logging => logging.AddFilter("Microsoft", LogLevel.Warning).AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
            }));
        try
        {
            await daemon.StartAsync(CancellationToken.None);
        }
        catch (CampaignException refused)
        {
            throw Unavailable(refused);
        }

        await terminal.Output.WriteLineAsync($"listening on {daemon.SocketPath}");
        await daemon.WaitForShutdownAsync(stop.Token);
        return daemon.CampaignsEnded ? ExitCode.Accept : throw new CliException(ExitCode.DeviceFault, DaemonHost.UnfinishedMessage);
    }

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
