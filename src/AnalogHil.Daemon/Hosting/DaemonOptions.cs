using System.Net;
using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Telemetry.Exposition;

namespace AnalogHil.Daemon.Hosting;

/// <summary>How a daemon runs.</summary>
public sealed record DaemonOptions
{
    /// <summary>Unix socket to listen on, absolute, at most 107 bytes. Its directory is created with mode 0700; an existing one must be private.</summary>
    public required string SocketPath { get; init; }

    /// <summary>Directory of the bench files that are listed by name.</summary>
    public required string BenchDirectory { get; init; }

    /// <summary>
    /// Directory for what outlives the daemon: its ledger (leases, journal, replies, operations, calibrations, audit chain), models, plans. One
    /// daemon at a time uses it.
    /// </summary>
    /// <value>The directory "state" beside the socket.</value>
    public string StateDirectory
    {
        get => field ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(SocketPath))!, "state");
        init;
    }

    /// <summary>
    /// Access file: who has which role; see <see cref="Identity.AccessFile"/>. Null: the daemon's own user is admin on the Unix socket, nobody else
    /// gets in.
    /// </summary>
    public string? AccessFile { get; init; }

    /// <summary>TCP address to listen on beside the socket; null: none. Without a certificate only 127.0.0.1.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Certificate of the server on TCP, a PEM file.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>Private key of the certificate, a PEM file.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Authorities whose client certificates are let in, a PEM file; null: clients show a token.</summary>
    public string? ClientAuthorities { get; init; }

    /// <summary>
    /// Whether every bench file may start the program that it names. Only where whoever names benches is the user of this process; otherwise benches in
    /// <see cref="BenchDirectory"/> and <see cref="LaunchDirectories"/> may.
    /// </summary>
    /// <value>False.</value>
    public bool LaunchesFromAnyBench { get; init; }

    /// <summary>Directories, beside <see cref="BenchDirectory"/>, whose bench files may start programs.</summary>
    /// <value>None.</value>
    public IReadOnlyList<string> LaunchDirectories { get; init; } = [];

    /// <summary>Directory of the declarations of preprocessing, by the hash of the model, for models that have none beside them; it may be missing.</summary>
    /// <value>config/preprocessing beside the program.</value>
    public string PreprocessingDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "config", "preprocessing");

    /// <summary>Schedule of calibrations that run by themselves (docs/calibration/schedule.md); null: none.</summary>
    public string? ScheduleFile { get; init; }

    /// <summary>Most campaigns that wait for their turn.</summary>
    /// <value>16.</value>
    public int QueueLimit { get; init; } = 16;

    /// <summary>Most campaigns that run at the same time, each on its own bench.</summary>
    /// <value>2.</value>
    public int ConcurrentCampaigns { get; init; } = 2;

    /// <summary>Ended operations that are remembered.</summary>
    /// <value>100.</value>
    public int OperationsKept { get; init; } = 100;

    /// <summary>How long a running campaign gets, at shutdown, to make its device safe and write its partial record.</summary>
    /// <value>30 s.</value>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether SIGTERM and Ctrl-C stop the daemon; false inside a process that handles them itself.</summary>
    /// <value>True.</value>
    public bool HandlesSignals { get; init; } = true;

    /// <summary>Longest call that is not a stream; a client that asks for more, or names no deadline, gets this one.</summary>
    /// <value>1 h.</value>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Smallest reply that is sent in gzip to a client that accepts it, bytes.</summary>
    /// <value>16 KiB.</value>
    public int GzipFrom { get; init; } = 16 * 1024;

    /// <summary>Silence after which a client is pinged; an answer that takes as long again ends its connection. At least 1 s.</summary>
    /// <value>20 s.</value>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Where a scraper of Prometheus finds the metrics; null: nowhere.</summary>
    /// <value>Null.</value>
    public MetricsAddress? Metrics { get; init; }

    /// <summary>Samples of telemetry kept for a client that does not read.</summary>
    /// <value>256.</value>
    public int TelemetryBuffer { get; init; } = 256;

    /// <summary>Most clients of the telemetry stream.</summary>
    /// <value>256.</value>
    public int TelemetryListeners { get; init; } = 256;

    /// <summary>Time between two probes of an idle device; null: none is probed, and health says only that the daemon answers.</summary>
    /// <value>30 s.</value>
    public TimeSpan? ProbeInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest probe; a device that takes longer does not work.</summary>
    /// <value>5 s.</value>
    public TimeSpan ProbeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Age of the last good answer of an idle device at which it no longer counts.</summary>
    /// <value>90 s.</value>
    public TimeSpan HealthAge { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Names or paths of the benches to probe; null: those of the directory that are simulated, so none with a serial line or a program.</summary>
    /// <value>Null.</value>
    public IReadOnlyList<string>? ProbedBenches { get; init; }

    /// <summary>Longest time between two signs of progress of an operation; a longer silence counts as stuck, and the watchdog is not fed.</summary>
    /// <value>30 min.</value>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Who is told that the daemon is up, lives and stops.</summary>
    /// <value>Nobody.</value>
    public ServiceManager ServiceManager { get; init; } = ServiceManager.None;

    /// <summary>The clock.</summary>
    /// <value><see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
