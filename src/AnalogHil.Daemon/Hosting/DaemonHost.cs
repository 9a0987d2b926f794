using System.Diagnostics;
using System.Net.Sockets;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Calibrations.Drift;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Deployments;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting.Health;
using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Identity;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Leases;
using AnalogHil.Daemon.Models;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Scheduling;
using AnalogHil.Daemon.Plans;
using AnalogHil.Daemon.Services;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Telemetry;
using AnalogHil.Daemon.Telemetry.Devices;
using AnalogHil.Daemon.Telemetry.Exposition;
using AnalogHil.Daemon.Telemetry.Operations;
using AnalogHil.Ledger;
using AnalogHil.Ledger.Operations;
using AnalogHil.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Hosting;

/// <summary>A daemon: one process that owns devices and campaigns and serves them by gRPC on a private Unix socket.</summary>
public sealed partial class DaemonHost : IAsyncDisposable
{
    /// <summary>Largest message in either direction, bytes.</summary>
    public const int MessageLimitBytes = 4 * 1024 * 1024;

    /// <summary>Largest chunk of an upload, bytes.</summary>
    public const int ChunkLimitBytes = 64 * 1024;

    /// <summary>For a person, when a stop ran out of time: see <see cref="CampaignsEnded"/>.</summary>
    public const string UnfinishedMessage =
        "a campaign did not end within the time that the stop allows, so its device may still be armed; check the device and start the daemon again, which "
            + "makes a device safe when it opens it";

    private readonly WebApplication _application;
    private readonly MetricsAddress? _metrics;
    private readonly bool _opensSocket;
    private bool _listens;
    private CampaignWorker? _worker;

    private DaemonHost(WebApplication application, DaemonOptions options, bool opensSocket)
    {
        _opensSocket = opensSocket;
        _application = application;
        SocketPath = options.SocketPath;
        _metrics = options.Metrics;
    }

    /// <summary>Where it listens.</summary>
    public string SocketPath { get; }

    /// <summary>Its addresses once it has started, the socket and TCP.</summary>
    public IEnumerable<string> Addresses => _application.Urls;

    /// <summary>Its parts.</summary>
    internal IServiceProvider Services => _application.Services;

    /// <summary>Puts a daemon together; nothing listens yet.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="configureLogging">Where its log goes; nowhere when null.</param>
    /// <exception cref="CampaignException">The socket cannot be had; the message says why.</exception>
    public static DaemonHost Build(DaemonOptions options, Action<ILoggingBuilder>? configureLogging = null) =>
        Build(options, configureLogging, campaigns => campaigns);

    /// <summary>The same with something around what prepares campaigns, for tests that need one to be at a certain step.</summary>
    internal static DaemonHost Build(
        DaemonOptions options, Action<ILoggingBuilder>? configureLogging, Func<ICampaignFactory, ICampaignFactory> aroundCampaigns)
    {
        AccessRules access = options.AccessFile is null ? AccessRules.OwnerOnly : AccessFile.Read(options.AccessFile);
        SocketFile.PrepareDirectory(options.SocketPath, access.OpensSocket);
        if (options.Metrics?.SocketPath is { } metricsSocket)
        {
            SocketFile.PrepareDirectory(metricsSocket, access.OpensSocket);
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "AnalogHil.Daemon" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenRpcUnixSocket(options.SocketPath, options.KeepAlive);
            RemoteListener.Add(kestrel, options, access);
            options.Metrics?.Listen(kestrel);
        });
        configureLogging?.Invoke(builder.Logging);

        IServiceCollection services = builder.Services;
        services.AddRpc(limits =>
        {
            limits.MaxReceiveMessageLength = MessageLimitBytes;
            limits.MaxSendMessageLength = MessageLimitBytes;
            limits.MaxUnaryDuration = options.CallLimit;
            limits.GzipFrom = options.GzipFrom;
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        if (!options.HandlesSignals)
        {
            services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        }

        services.AddSingleton(options);
        services.AddSingleton(options.Time);
        services.AddLedger(options);
        services.AddGate(access);
        TelemetrySetup.Add(services, options);
        services.AddSingleton<BenchLedger>();
        services.AddSingleton<BenchDirectory>();
        services.AddSingleton<StateDirectory>();
        services.AddSingleton<ModelShelf>();
        services.AddSingleton<PlanShelf>();
        services.AddSingleton<PlanIntake>();
        services.AddSingleton<CalibrationShelf>();
        services.AddSingleton<CalibrationIntake>();
        services.AddSingleton<DriftWatchKeeper>();
        services.AddSingleton<NetworkStager>();
        services.AddSingleton<DeploymentValidation>();
        services.AddSingleton(provider => new DeviceRoll(options.Time) { Opener = provider.GetRequiredService<DeviceObserver>().OpenAsync });
        services.AddSingleton<DeviceCatalog>();
        services.AddSingleton<DeviceSessions>();
        services.AddSingleton<SafeState>();
        services.AddSingleton<IDeviceSafety>(provider => provider.GetRequiredService<SafeState>());
        services.AddSingleton<DriveRights>();
        services.AddSingleton<DeviceReconciler>();
        services.AddSingleton<IDeviceReconciler>(provider => provider.GetRequiredService<DeviceReconciler>());
        services.AddSingleton<DeviceJournal>();
        services.AddSingleton<RequestReader>();
        services.AddSingleton<CampaignIntake>();
        services.AddSingleton(provider => new OperationLedger(options.Time, options.OperationsKept, provider.GetService<IOperationStore>()));
        services.AddSingleton<LongOperations>();
        services.AddSingleton(new CampaignQueue(options.QueueLimit));
        services.AddSingleton<CampaignFactory>();
        services.AddSingleton(provider => aroundCampaigns(provider.GetRequiredService<CampaignFactory>()));
        services.AddHostedService<OperationRestoration>();
        services.AddHostedService<OperationWatch>();
        services.AddHostedService<CampaignWorker>();
        services.AddHostedService<ScheduleWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<LongOperations>());
        services.AddHostedService(provider => provider.GetRequiredService<DeviceSessions>());

        WebApplication application;
        try
        {
            // The server looks at its socket here already.
            application = builder.Build();
        }
        catch (InvalidOperationException refused)
        {
            throw CannotListen(options.SocketPath, refused);
        }

        application.MapRpcService<SystemEndpoint>();
        application.MapRpcService<BenchEndpoint>();
        application.MapRpcService<DeviceEndpoint>();
        application.MapRpcService<LeaseEndpoint>();
        application.MapRpcService<JournalEndpoint>();
        application.MapRpcService<AuditEndpoint>();
        application.MapRpcService<ModelEndpoint>();
        application.MapRpcService<PrecisionEndpoint>();
        application.MapRpcService<CalibrationEndpoint>();
        application.MapRpcService<DeploymentEndpoint>();
        application.MapRpcService<CampaignEndpoint>();
        application.MapRpcService<OperationsEndpoint>();
        application.MapRpcService<OperationEndpoint>();
        TelemetrySetup.Map(application, options);
        return new DaemonHost(application, options, access.OpensSocket);
    }

    /// <summary>Begins to listen and to run campaigns.</summary>
    /// <exception cref="CampaignException">The socket cannot be had, or a bench to be probed is not there; the message says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _application.Services.GetRequiredService<BenchProber>().Locate();

        // Before anybody can call: what was interrupted is read back, leases that ran out are ended.
        TimeSpan opening = _application.Services.GetRequiredService<LedgerStore>().OpenedIn;
        long began = Stopwatch.GetTimestamp();
        await _application.Services.GetRequiredService<LedgerRecovery>().RunAsync(cancellationToken).ConfigureAwait(false);
        LogRecovered(_application.Logger, (opening + Stopwatch.GetElapsedTime(began)).TotalMilliseconds);
        try
        {
            await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is InvalidOperationException or IOException or SocketException or UnauthorizedAccessException)
        {
            throw CannotListen(SocketPath, refused);
        }

        _listens = true;
        _worker = _application.Services.GetServices<IHostedService>().OfType<CampaignWorker>().Single();
        Protect();
        HealthBoard health = _application.Services.GetRequiredService<HealthBoard>();
        NotifySocket manager = _application.Services.GetRequiredService<NotifySocket>();
        health.Begin(_application.MappedRpcServices());
        _application.Lifetime.ApplicationStopping.Register(() =>
        {
            LogStops(_application.Logger);
            health.End();
            manager.Stopping();
        });
        LogServes(_application.Logger, SocketPath, BuildInfo.Version, BuildInfo.Commit);
        foreach (string address in Addresses.Where(address => !address.Contains("unix:", StringComparison.Ordinal)))
        {
            LogServes(_application.Logger, address, BuildInfo.Version, BuildInfo.Commit);
        }

        manager.Ready($"serving on {SocketPath}");
    }

    /// <summary>
    /// Whether no campaign is under way. False after a stop that took longer than <see cref="DaemonOptions.ShutdownTimeout"/>: a device may
    /// still be armed.
    /// </summary>
    public bool CampaignsEnded => _worker?.ExecuteTask is not { IsCompleted: false };

    /// <summary>Ends when the process is told to stop, or the token is cancelled; the daemon is stopped then, see <see cref="StopAsync"/>.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => EndAsync(_application.WaitForShutdownAsync(cancellationToken));

    /// <summary>
    /// Stops: running campaigns are cancelled and make their devices safe first. It waits for them as long as
    /// <see cref="DaemonOptions.ShutdownTimeout"/>; <see cref="CampaignsEnded"/> says whether that was enough.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => EndAsync(_application.StopAsync(cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync().ConfigureAwait(false);
        if (_listens)
        {
            File.Delete(SocketPath);
            if (_metrics?.SocketPath is { } metrics)
            {
                File.Delete(metrics);
            }
        }
    }

    private async Task EndAsync(Task stop)
    {
        try
        {
            await stop.ConfigureAwait(false);
        }
        catch (Exception late) when (!CampaignsEnded && late is (OperationCanceledException or AggregateException))
        {
            // Out of time: CampaignsEnded tells, and the caller decides what that means for the process.
        }
    }

    private void Protect()
    {
        try
        {
            SocketFile.Protect(SocketPath, _opensSocket);
            if (_metrics?.SocketPath is { } metrics)
            {
                SocketFile.Protect(metrics);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw CannotListen(SocketPath, refused);
        }
    }

    private static CampaignException CannotListen(string socket, Exception refused) =>
        new(ErrorReason.RequestInvalid, $"cannot listen on {socket}: {refused.Message.TrimEnd('.')}", refused);
}
