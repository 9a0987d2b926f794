using AnalogHil.Cli.Sessions;
using AnalogHil.Daemon.Hosting;
using AnalogHil.V1;
using Grpc.Health.V1;

namespace AnalogHil.Cli.Doctoring;

/// <summary>Checks of the daemon on this machine.</summary>
internal static class DaemonChecks
{
    private static readonly TimeSpan LargestClockDifference = TimeSpan.FromSeconds(5);

    /// <summary>All of them; those that need the one before end with it.</summary>
    public static async Task<List<Finding>> AllAsync(string server, Terminal terminal, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (!server.Contains(':', StringComparison.Ordinal))
        {
            findings.Add(Socket(Path.GetFullPath(server, terminal.CurrentDirectory)));
            if (!findings[^1].Good)
            {
                return findings;
            }
        }

        try
        {
            await using DaemonSession session = await DaemonSession.OpenAsync(server, terminal, cancellationToken);
            GetServerInfoResponse info = await session.CallAsync(
                (invoker, options) => new SystemService.SystemServiceClient(invoker).GetServerInfoAsync(new GetServerInfoRequest(), options), cancellationToken);
            findings.Add(info.Version == BuildInfo.Version && info.Commit == BuildInfo.Commit
                ? new Finding("daemon", true, $"{info.Version}, {info.Runtime}")
                : new Finding("daemon", false, $"version {info.Version} {info.Commit}, this program is {BuildInfo.Version} {BuildInfo.Commit}", "restart the daemon from the same program"));
            findings.Add(Started(info, terminal.Time));
            HealthCheckResponse health = await session.CallAsync(
                (invoker, options) => new Health.HealthClient(invoker).CheckAsync(new HealthCheckRequest(), options), cancellationToken);
            findings.Add(health.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? new Finding("daemon health", true, "serving")
                : new Finding("daemon health", false, health.Status.ToString(), "look at the daemon's log and at hil device list; a device that does not answer makes it unhealthy"));
            VerifyAuditResponse audit = await session.CallAsync(
                (invoker, options) => new AuditService.AuditServiceClient(invoker).VerifyAuditAsync(new VerifyAuditRequest(), options), cancellationToken);
            findings.Add(audit.Intact
                ? new Finding("store", true, $"audit chain of {audit.Entries} entries is intact")
                : new Finding("store", false, audit.Problem, "somebody or something changed the store beside the daemon; keep a copy of the state directory, and find out who can write there"));
            findings.AddRange(await DevicesAsync(session, cancellationToken));
        }
        catch (CliException failure)
        {
            findings.Add(new Finding("daemon", false, failure.Message, "start one with hil daemon, or restart the one that hangs; its log says why"));
        }

        return findings;
    }

    private static Finding Socket(string path)
    {
        if (!File.Exists(path))
        {
            return new Finding("socket", false, $"{path} is not there", "start a daemon with hil daemon, or name its socket with --socket");
        }

        if (OperatingSystem.IsWindows())
        {
            return new Finding("socket", true, path);
        }

        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        UnixFileMode mode = File.GetUnixFileMode(path);
        return (mode & others) == UnixFileMode.None
            ? new Finding("socket", true, $"{path}, mode {Convert.ToString((int)mode, 8)}")
            : new Finding("socket", false, $"{path} has mode {Convert.ToString((int)mode, 8)}: others can drive devices", $"chmod 600 {path}");
    }

    private static Finding Started(GetServerInfoResponse info, TimeProvider time)
    {
        TimeSpan ahead = info.Started.ToDateTimeOffset() - time.GetUtcNow();
        return ahead <= LargestClockDifference
            ? new Finding("daemon clock", true, $"started {info.Started.ToDateTime():u}")
            : new Finding("daemon clock", false, $"it started {ahead.TotalSeconds:0} s in the future", "one of the clocks is wrong; keep them with NTP");
    }

    private static async Task<IEnumerable<Finding>> DevicesAsync(DaemonSession session, CancellationToken cancellationToken)
    {
        ListDevicesResponse reply = await session.CallAsync(
            (invoker, options) => new BenchService.BenchServiceClient(invoker).ListDevicesAsync(new ListDevicesRequest { PageSize = 200 }, options), cancellationToken);
        return reply.Devices.Where(device => device.State is DriveState.Faulted or DriveState.Unknown).Select(device => new Finding(
            "device " + device.Bench, false, device.State.ToString(), device.State == DriveState.Faulted
                ? $"find the cause, then hil device clear-fault {device.Bench}"
                : $"it may be driven: hil safe {device.Bench}, and switch it off by hand if that fails"));
    }
}
