using AnalogHil.Cli.Remote;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Cli.Devices;

/// <summary>What drift watches find, beside the state of devices.</summary>
internal static class DriftLines
{
    /// <summary>Shows it until the watch of the devices ends, which tells of a lost connection.</summary>
    /// <param name="session">The daemon.</param>
    /// <param name="benches">Names or files of benches; empty: all.</param>
    /// <param name="ends">Ends it.</param>
    public static async Task FollowAsync(RemoteSession session, IEnumerable<string> benches, CancellationToken ends)
    {
        var request = new StreamRequest { Benches = { benches.Select(NameOf) }, Kinds = { SampleKind.Drift } };
        try
        {
            using AsyncServerStreamingCall<StreamResponse> call = new TelemetryService.TelemetryServiceClient(
                session.Invoker).Stream(request, cancellationToken: ends);
            while (await call.ResponseStream.MoveNext(ends))
            {
                Show(session, call.ResponseStream.Current);
            }
        }
        catch (Exception) when (ends.IsCancellationRequested)
        {
            // Ctrl-C, or the watch of the devices has ended.
        }
        catch (RpcException refused) when (refused.StatusCode != StatusCode.Unavailable)
        {
            session.Terminal.Say($"hil: drift is not shown: {refused.Status.Detail}");
        }
        catch (RpcException)
        {
            // The connection was lost: the watch of the devices says so.
        }
    }

    /// <summary>The name under which a bench is told of; a name that holds a dot, as crossbar.v2, is kept whole.</summary>
    /// <param name="bench">Name or file.</param>
    public static string NameOf(string bench)
    {
        string name = Path.GetFileName(bench);
        return name.EndsWith(".json", StringComparison.Ordinal) ? name[..^".json".Length] : name;
    }

    private static void Show(RemoteSession session, StreamResponse now)
    {
        lock (session.Terminal.Output)
        {
            session.Terminal.Output.WriteLine(session.Json ? ProtoJson.Of(now) : $"{now.Time.ToDateTime():u} {now.Bench}: {Words(now.Drift)}");
        }
    }

    private static string Words(DriftStatus drift) =>
        (drift.Alarm ? "drift alarm, the noise is not the calibrated one any more" : $"no drift in {drift.Probes} probes")
        + (drift.Degraded ? "; degraded, the plan cannot be kept up under this noise (hil audit list)" : "");
}
