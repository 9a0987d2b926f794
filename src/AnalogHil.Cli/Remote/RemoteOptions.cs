using System.CommandLine;
using AnalogHil.Cli.Commands;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Sessions;
using AnalogHil.Cli.Signals;
using AnalogHil.V1;

namespace AnalogHil.Cli.Remote;

/// <summary>Options of every command that asks a running daemon.</summary>
internal sealed class RemoteOptions
{
    /// <summary>Names the lease where --lease does not.</summary>
    public const string LeaseVariable = "ANALOGHIL_LEASE";

    private readonly Option<string?> _server = ServerAddress.CreateOption($"Daemon to ask: path of its Unix socket, or http://localhost:PORT [default: {DaemonCommand.DefaultSocket()}]");

    private readonly Option<bool> _json = JsonOption.Create("Print the reply as one JSON object, or one a line for a stream", recursive: true);

    private readonly Option<string?> _lease = new("--lease")
    {
        Description = $"Lease on the bench, as hil lease acquire printed it [default: the variable {LeaseVariable}]",
        HelpName = "LEASE",
        Recursive = true,
    };

    /// <summary>Adds the options to a command and those under it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withLease">Whether some of it changes a device.</param>
    public Command On(Command command, bool withLease)
    {
        command.Add(_server);
        command.Add(_json);
        if (withLease)
        {
            command.Add(_lease);
        }

        return command;
    }

    /// <summary>What a command does with the daemon.</summary>
    public void Does(Command command, Terminal terminal, Func<ParseResult, RemoteSession, Task<ExitCode>> action) => command.SetAction(async (parsed, cancellationToken) =>
    {
        string server = parsed.GetValue(_server) ?? DaemonCommand.DefaultSocket();
        string lease = parsed.GetResult(_lease) is { } given && given.GetValueOrDefault<string?>() is { } named
            ? named
            : Environment.GetEnvironmentVariable(LeaseVariable) ?? "";
        using var stop = new StopSignal(cancellationToken);
        try
        {
            await using DaemonSession session = await DaemonSession.OpenAsync(server, terminal, stop.Requested, "name the socket of the one that runs with --server");
            return (int)await action(parsed, new RemoteSession(session, terminal, parsed.GetValue(_json), lease, stop.Requested));
        }
        catch (Exception ended) when (stop.Requested.IsCancellationRequested && ended is OperationCanceledException or RefusedException { Reason: ErrorReason.Unspecified })
        {
            throw new CliException(ExitCode.Stopped, "stopped before the daemon answered; it may have done what it was asked: look, before you ask again", ended);
        }
    });
}
