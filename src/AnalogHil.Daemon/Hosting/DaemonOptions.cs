using System.Net;

namespace AnalogHil.Daemon.Hosting;

/// <summary>How a daemon runs.</summary>
public sealed record DaemonOptions
{
    /// <summary>Unix socket to listen on, absolute, at most 107 bytes. Its directory is created with mode 0700; an existing one must be private.</summary>
    public required string SocketPath { get; init; }

    /// <summary>Directory of the bench files that are listed by name.</summary>
    public required string BenchDirectory { get; init; }

    /// <summary>Directory of the ledger: leases, journal, replies, operations, calibrations, audit chain. One daemon at a time uses it.</summary>
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

    /// <summary>Directory of the declarations of preprocessing, by the hash of the model, for models that have none beside them; it may be missing.</summary>
    /// <value>config/preprocessing beside the program.</value>
    public string PreprocessingDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "config", "preprocessing");

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

    /// <summary>The clock.</summary>
    /// <value><see cref="TimeProvider.System"/>.</value>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
