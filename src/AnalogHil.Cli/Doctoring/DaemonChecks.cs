using AnalogHil.Cli.Remote;
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
    /// <param name="server">Address of the daemon.</param>
    /// <param name="named">Whether the user named it: then it must be there.</param>
    /// <param name="terminal">The terminal.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<List<Finding>> AllAsync(string server, bool named, Terminal terminal, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (!server.Contains(':', StringComparison.Ordinal))
        {
            string path = Path.GetFullPath(server, terminal.CurrentDirectory);
            if (!File.Exists(path))
            {
                return [NoDaemon(path, named)];
            }

            findings.Add(Socket(path));
        }

        try
        {
            await using DaemonSession session = await DaemonSession.OpenAsync(server, terminal, cancellationToken);
            GetServerInfoResponse info = await session.CallAsync(
                (invoker, options) => new SystemService.SystemServiceClient(invoker).GetServerInfoAsync(new GetServerInfoRequest(), options),
                    cancellationToken);
            findings.Add(info.Version == BuildInfo.Version && info.Commit == BuildInfo.Commit
                ? Finding.Ok("daemon", $"{info.Version}, {info.Runtime}")
                : Finding.Warn("daemon", $"version {info.Version} {info.Commit}, this program is {BuildInfo.Version} {BuildInfo.Commit}",
                    "restart the daemon from the same program"));
            findings.Add(Started(info, terminal.Time));
            HealthCheckResponse health = await session.CallAsync(
                (invoker, options) => new Health.HealthClient(invoker).CheckAsync(new HealthCheckRequest(), options), cancellationToken);
            findings.Add(health.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? Finding.Ok("daemon health", "serving")
                : Finding.Fail("daemon health", health.Status.ToString(),
                    "look at the daemon's log and at hil device list; a device that does not answer makes it unhealthy"));
            VerifyAuditResponse audit = await session.CallAsync(
                (invoker, options) => new AuditService.AuditServiceClient(invoker).VerifyAuditAsync(new VerifyAuditRequest(), options), cancellationToken);
            findings.Add(audit.Intact
                ? Finding.Ok("daemon's audit chain", $"{audit.Entries} entries, none altered")
                : Finding.Fail("daemon's audit chain", audit.Problem,
                    "somebody or something changed the store beside the daemon; keep a copy of the state directory, and find out who can write there"));
            findings.AddRange(await ChangesAsync(session, cancellationToken));
            findings.AddRange(await DevicesAsync(session, cancellationToken));
        }
        catch (CliException failure)
        {
            findings.Add(Finding.Fail("daemon", failure.Message, "start one with hil daemon, or restart the one that hangs; its log says why"));
        }

        return findings;
    }

    private static Finding NoDaemon(string path, bool named) => named
        ? Finding.Fail("daemon", $"none listens on {path}: there is no such socket",
            $"start one with hil daemon --socket {path}, or name the socket of the one that runs")
        : Finding.Warn("daemon", $"none listens on {path}",
            "hil run needs none; for the commands that do, start one with hil daemon, or name its socket with --server");

    private static Finding Socket(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return Finding.Ok("socket", path);
        }

        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        UnixFileMode mode = File.GetUnixFileMode(path);
        return (mode & others) == UnixFileMode.None
            ? Finding.Ok("socket", $"{path}, mode {Convert.ToString((int)mode, 8)}")
            : Finding.Warn(
                "socket", $"{path} has mode {Convert.ToString((int)mode, 8)}: others can reach the daemon, with the roles of its access file",
                $"chmod 600 {path}, unless hil daemon --access lets a group in");
    }

    private static Finding Started(GetServerInfoResponse info, TimeProvider time)
    {
        TimeSpan ahead = info.Started.ToDateTimeOffset() - time.GetUtcNow();
        return ahead <= LargestClockDifference
            ? Finding.Ok("daemon clock", $"started {info.Started.ToDateTime():u}")
            : Finding.Fail("daemon clock", $"it started {ahead.TotalSeconds:0} s in the future", "one of the clocks is wrong; keep them with NTP");
    }

    private static async Task<IEnumerable<Finding>> ChangesAsync(DaemonSession session, CancellationToken cancellationToken)
    {
        ListUnsettledChangesResponse reply = await session.CallAsync(
            (invoker, options) => new JournalService.JournalServiceClient(invoker).ListUnsettledChangesAsync(new ListUnsettledChangesRequest(),
                options), cancellationToken);
        return reply.Changes.Select(change => Finding.Fail(
            $"change {change.Id}",
            $"{change.Kind} on {Path.GetFileNameWithoutExtension(change.Bench)} of {change.Begun.ToDateTime():u} has no known outcome, and blocks the bench",
            $"hil journal reconcile {Path.GetFileNameWithoutExtension(change.Bench)}, and hil journal settle {change.Id} where that cannot tell"));
    }

    private static async Task<IEnumerable<Finding>> DevicesAsync(DaemonSession session, CancellationToken cancellationToken)
    {
        var benches = new BenchService.BenchServiceClient(session.Invoker);
        ListDevicesResponse reply = await Pages.AllAsync(token => session.CallAsync(
            (_, options) => benches.ListDevicesAsync(new ListDevicesRequest { PageSize = Pages.Size, PageToken = token }, options), cancellationToken));
        return reply.Devices.Where(device => device.State is DriveState.Faulted or DriveState.Unknown).Select(device => Finding.Fail(
            "device " + device.Bench, device.State.ToString(), device.State == DriveState.Faulted
                ? $"find the cause, then hil device clear-fault {device.Bench}"
                : $"it may be driven: hil safe {device.Bench}, and switch it off by hand if that fails"));
    }
}
