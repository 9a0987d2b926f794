using System.Globalization;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Sessions;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.BenchService.</summary>
internal sealed class BenchEndpoint(BenchDirectory directory, DeviceCatalog catalog, DeviceRoll roll, TimeProvider time) : BenchService.BenchServiceBase
{
    private const double UsualHeartbeatSeconds = 10;

    /// <inheritdoc/>
    public override Task<ListBenchesResponse> ListBenches(ListBenchesRequest request, ServerCallContext context) => Reply.From(() =>
    {
        (IEnumerable<string> files, string next) = Paging.Of(directory.Files(), file => file, request.PageSize, request.PageToken);
        return new ListBenchesResponse { Benches = { files.Select(directory.Describe) }, NextPageToken = next };
    });

    /// <inheritdoc/>
    public override Task<GetBenchResponse> GetBench(GetBenchRequest request, ServerCallContext context) => Reply.From(() =>
        new GetBenchResponse { Bench = directory.Describe(directory.Locate(request.Name)) });

    /// <inheritdoc/>
    public override Task<ListDevicesResponse> ListDevices(ListDevicesRequest request, ServerCallContext context) => Reply.From(() =>
    {
        (IEnumerable<Device> devices, string next) = Paging.Of(catalog.All(), device => device.Path, request.PageSize, request.PageToken);
        return new ListDevicesResponse { Devices = { devices }, NextPageToken = next };
    });

    /// <inheritdoc/>
    public override Task<GetDeviceResponse> GetDevice(GetDeviceRequest request, ServerCallContext context) => Reply.FromAsync(request.Bench, async () =>
    {
        string path = directory.Locate(request.Bench);
        if (roll.Find(path) is { } open)
        {
            await open.ReadTelemetryAsync(context.CancellationToken).ConfigureAwait(false);
        }

        return new GetDeviceResponse { Device = Described(path) };
    });

    /// <inheritdoc/>
    public override async Task WatchDevices(
        WatchDevicesRequest request, IServerStreamWriter<WatchDevicesResponse> responseStream, ServerCallContext context)
    {
        (HashSet<string> wanted, TimeSpan heartbeat) = await Reply.From(() => ReadWatch(request)).ConfigureAwait(false);
        long seen = SeenOf(request.ResumeToken);
        if (seen < 0)
        {
            seen = roll.Version;
            var snapshot = new DeviceSnapshot { Devices = { catalog.All().Where(device => IsWanted(device.Path)) } };
            await SendAsync(new WatchDevicesResponse { Snapshot = snapshot }).ConfigureAwait(false);
        }

        while (true)
        {
            (IReadOnlyList<(string Path, long Version)> changes, long version, Task next) = roll.ChangesSince(seen);
            foreach ((string path, long at) in changes)
            {
                // One by one, so that a token of a stream that is lost in between forgets none of the rest.
                seen = at;
                if (IsWanted(path) && catalog.Describe(path) is { } device)
                {
                    await SendAsync(new WatchDevicesResponse { Changed = device }).ConfigureAwait(false);
                }
            }

            seen = version;

            try
            {
                await next.WaitAsync(heartbeat, time, context.CancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                await SendAsync(new WatchDevicesResponse { Heartbeat = new Heartbeat() }).ConfigureAwait(false);
            }
        }

        bool IsWanted(string path) => wanted.Count == 0 || wanted.Contains(path);

        Task SendAsync(WatchDevicesResponse message)
        {
            message.Time = Timestamp.FromDateTimeOffset(time.GetUtcNow());
            message.ResumeToken = string.Create(CultureInfo.InvariantCulture, $"{roll.Life}-{seen}");
            return responseStream.WriteAsync(message, context.CancellationToken);
        }
    }

    private (HashSet<string> Wanted, TimeSpan Heartbeat) ReadWatch(WatchDevicesRequest request)
    {
        double seconds = request.Heartbeat is { } given ? given.Seconds + given.Nanos / 1e9 : UsualHeartbeatSeconds;
        var checks = new FieldChecks();
        checks.Require(
            seconds is >= 1 and <= 60,
            "heartbeat", string.Create(CultureInfo.InvariantCulture, $"is {seconds} s, must lie in 1 .. 60 s; leave it out for {UsualHeartbeatSeconds} s"));
        checks.ThrowIfAny();
        return (request.Benches.Select(directory.Locate).ToHashSet(StringComparer.Ordinal), TimeSpan.FromSeconds(seconds));
    }

    /// <summary>Version that a token of this life of the daemon names; -1 for any other token.</summary>
    private long SeenOf(string token)
    {
        string[] parts = token.Split('-');
        return parts.Length == 2 && parts[0] == roll.Life && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long seen)
            && seen <= roll.Version
            ? seen
            : -1;
    }

    private Device Described(string path) =>
        catalog.Describe(path) ?? throw new CampaignException(
            ErrorReason.BenchInvalid, $"{path} has errors, so it describes no device; see them with hil bench check {path}");
}
