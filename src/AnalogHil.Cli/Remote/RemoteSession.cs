using System.Globalization;
using AnalogHil.Cli.Sessions;
using AnalogHil.V1;
using Google.Protobuf;
using Grpc.Core;
using Spectre.Console;

namespace AnalogHil.Cli.Remote;

/// <summary>One command's talk with a daemon.</summary>
internal sealed class RemoteSession(DaemonSession session, Terminal terminal, bool json, string lease, CancellationToken cancellationToken)
{
    private const string LeasePrefix = "leases/";

    /// <summary>What generated clients call through.</summary>
    public CallInvoker Invoker => session.Invoker;

    /// <summary>The terminal.</summary>
    public Terminal Terminal => terminal;

    /// <summary>Whether the output is for machines.</summary>
    public bool Json => json;

    /// <summary>Set when the command is to end.</summary>
    public CancellationToken Cancelled => cancellationToken;

    /// <summary>One unary call; a refusal becomes an error with its exit code.</summary>
    public Task<T> CallAsync<T>(Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call) => session.CallAsync(call, cancellationToken);

    /// <summary>One unary call that may take long, such as one that moves a network to a device.</summary>
    public Task<T> CallAsync<T>(TimeSpan limit, Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> call) => session.CallAsync(call, limit, cancellationToken);

    /// <summary>Runs something that is more than one unary call; a refusal becomes an error with its exit code.</summary>
    public static async Task<T> RefusableAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (RpcException refused)
        {
            throw RpcFailure.ToError(refused);
        }
    }

    /// <summary>A fresh request id, with the lease where one was named.</summary>
    public Mutation NewMutation() => MutationOf(lease);

    /// <summary>The same for a command that is about the lease itself.</summary>
    /// <exception cref="CliException">None was named.</exception>
    public Mutation LeasedMutation() => lease.Length > 0 ? NewMutation() : throw new CliException(
        ExitCode.Usage, $"no lease is named; give it with --lease, or once for all: export {RemoteOptions.LeaseVariable}=$(hil lease acquire BENCH)");

    /// <summary>A fresh request id with a lease.</summary>
    /// <param name="named">Name of the lease, "leases/EPOCH"; empty for none.</param>
    public static Mutation MutationOf(string named) => new()
    {
        RequestId = Guid.NewGuid().ToString(),
        Lease = named,
        Epoch = named.StartsWith(LeasePrefix, StringComparison.Ordinal)
            && long.TryParse(named.AsSpan(LeasePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long epoch) ? epoch : 0,
    };

    /// <summary>Shows a reply: as JSON, or as tables for a person.</summary>
    public ExitCode Show(IMessage reply, Action<IAnsiConsole> tables) => Show(() => ProtoJson.Of(reply), tables);

    /// <summary>The same for JSON that is more than the reply.</summary>
    public ExitCode Show(Func<string> line, Action<IAnsiConsole> tables)
    {
        if (json)
        {
            terminal.Output.WriteLine(line());
        }
        else
        {
            tables(terminal.CreateConsole());
        }

        return ExitCode.Accept;
    }
}
