using System.CommandLine;
using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Cli.Devices;

/// <summary>`hil watch`: what happens on devices, line by line.</summary>
internal static class WatchCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var remote = new RemoteOptions();
        var benches = new Argument<string[]>("BENCH") { Description = "Names of benches [default: all]", Arity = ArgumentArity.ZeroOrMore };
        var once = new Option<bool>("--once") { Description = "Show the state now and end" };
        Command command = remote.On(
            new Command(
                "watch",
                """
                Shows the state of devices, then every change of it, and what drift watches find, until Ctrl-C. A lost connection is taken up
                again where it was.

                Examples:
                  hil watch
                  hil watch crossbar --json | jq .changed.state
                """)
            {
                benches, once,
            },
            withLease: false);
        remote.Does(command, terminal, (parsed, session) => RemoteSession.RefusableAsync(
            () => FollowAsync(session, parsed.GetValue(benches) ?? [], parsed.GetValue(once))));
        return command;
    }

    private static async Task<ExitCode> FollowAsync(RemoteSession session, string[] benches, bool once)
    {
        var client = new BenchService.BenchServiceClient(session.Invoker);
        var request = new WatchDevicesRequest { Benches = { benches } };
        bool resumes = false;
        while (true)
        {
            using var connected = CancellationTokenSource.CreateLinkedTokenSource(session.Cancelled);
            Task drift = once ? Task.CompletedTask : DriftLines.FollowAsync(session, benches, connected.Token);
            try
            {
                using AsyncServerStreamingCall<WatchDevicesResponse> call = client.WatchDevices(request, cancellationToken: session.Cancelled);
                while (await call.ResponseStream.MoveNext(session.Cancelled))
                {
                    WatchDevicesResponse now = call.ResponseStream.Current;
                    request.ResumeToken = now.ResumeToken;
                    resumes = true;
                    Show(session, now);
                    if (once)
                    {
                        return ExitCode.Accept;
                    }
                }

                return ExitCode.Accept;
            }
            catch (Exception) when (session.Cancelled.IsCancellationRequested)
            {
                return ExitCode.Accept;
            }
            catch (RpcException lost) when (resumes && lost.StatusCode == StatusCode.Unavailable)
            {
                // Once more at once; a daemon that is gone refuses it, and that ends the command.
                session.Terminal.Say("hil: the connection was lost; going on where it was");
                resumes = false;
            }
            finally
            {
                await connected.CancelAsync();
                await drift;
            }
        }
    }

    private static void Show(RemoteSession session, WatchDevicesResponse now)
    {
        // Two streams, one line at a time.
        lock (session.Terminal.Output)
        {
            Write(session, now);
        }
    }

    private static void Write(RemoteSession session, WatchDevicesResponse now)
    {
        if (session.Json)
        {
            session.Terminal.Output.WriteLine(ProtoJson.Of(now));
            return;
        }

        switch (now.KindCase)
        {
            case WatchDevicesResponse.KindOneofCase.Snapshot:
                DeviceView.Write(now.Snapshot.Devices, session.Terminal.CreateConsole());
                break;
            case WatchDevicesResponse.KindOneofCase.Changed:
                Device device = now.Changed;
                string holder = device.Holder.Length > 0 ? $", used by {device.Holder}" : "";
                session.Terminal.Output.WriteLine($"{now.Time.ToDateTime():u} {device.Bench}: {device.State.ToString().ToLowerInvariant()}{holder}");
                break;
        }
    }
}
