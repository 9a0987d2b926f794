using System.CommandLine;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Cli.Leases;

/// <summary>`hil lease watch`: who holds which bench, and what happens to leases.</summary>
internal static class LeaseWatchCommand
{
    /// <summary>The command.</summary>
    public static Command Create(RemoteOptions remote, Terminal terminal)
    {
        var bench = new Argument<string?>("BENCH") { Description = "Name or path of a bench [default: all]", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("watch", "Shows the leases that are held, then what happens to leases, line by line, until Ctrl-C.") { bench };
        remote.Does(command, terminal, (parsed, session) => RemoteSession.RefusableAsync(async () =>
        {
            using AsyncServerStreamingCall<WatchResponse> watch = new LeaseService.LeaseServiceClient(session.Invoker).Watch(
                new WatchRequest { Bench = parsed.GetValue(bench) ?? "" }, cancellationToken: session.Cancelled);
            try
            {
                while (await watch.ResponseStream.MoveNext(session.Cancelled))
                {
                    WatchResponse now = watch.ResponseStream.Current;
                    terminal.Output.WriteLine(session.Json ? ProtoJson.Of(now) : LineOf(now));
                }
            }
            catch (Exception) when (session.Cancelled.IsCancellationRequested)
            {
                // Ctrl-C ends the watch, which is what was asked for.
            }

            return ExitCode.Accept;
        }));
        return command;
    }

    private static string LineOf(WatchResponse now)
    {
        string end = now.End == LeaseEnd.Unspecified ? "" : $" ({now.End.ToString().ToLowerInvariant()} by {now.EndedBy}{(now.Reason.Length > 0 ? ": " + now.Reason : "")})";
        string waiting = now.Waiting > 0 ? $", {now.Waiting} wait" : "";
        return $"{now.Time.ToDateTime():u} {Path.GetFileNameWithoutExtension(now.Lease.Bench)}: {now.Kind.ToString().ToLowerInvariant()} {now.Lease.Name} of {now.Lease.Holder}{end}{waiting}";
    }
}
