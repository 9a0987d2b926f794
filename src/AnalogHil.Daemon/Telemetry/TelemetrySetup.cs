using System.Diagnostics.Metrics;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Hosting.Health;
using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Telemetry.Devices;
using AnalogHil.Daemon.Telemetry.Exposition;
using AnalogHil.Daemon.Telemetry.Streaming;
using AnalogHil.Rpc.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AnalogHil.Daemon.Telemetry;

/// <summary>Puts together what tells of a daemon: telemetry, metrics, health and signs of life.</summary>
internal static class TelemetrySetup
{
    /// <summary>Adds all of it to the services of a daemon.</summary>
    public static void Add(IServiceCollection services, DaemonOptions options)
    {
        services.AddMetrics();
        services.AddSingleton<DaemonMeter>();
        services.AddSingleton<MetricCollector>();
        services.AddSingleton<TelemetryHub>();
        services.AddSingleton<BenchEvidence>();
        services.AddSingleton<OpeningGates>();
        services.AddSingleton<DeviceObserver>();
        services.AddSingleton<HealthRegistry>();
        services.AddSingleton<HealthBoard>();
        services.AddSingleton<ProgressBoard>();
        services.AddSingleton(new NotifySocket(options.ServiceManager));
        services.AddSingleton<Watchdog>();
        services.AddSingleton<BenchProber>();
        services.AddHostedService(provider => provider.GetRequiredService<BenchProber>());
        services.AddHostedService<SelfCall>();
        services.AddHostedService(provider => provider.GetRequiredService<Watchdog>());
    }

    /// <summary>Maps its routes.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, DaemonOptions options)
    {
        endpoints.MapRpcService<TelemetryEndpoint>();
        endpoints.MapRpcService<HealthService>();
        endpoints.MapRpcReflection();
        if (options.Metrics is not null)
        {
            MetricsRoute.Map(endpoints);
        }

        IServiceProvider services = endpoints.ServiceProvider;
        DaemonMeter meter = services.GetRequiredService<DaemonMeter>();
        ProgressBoard board = services.GetRequiredService<ProgressBoard>();
        Watchdog watchdog = services.GetRequiredService<Watchdog>();
        meter.Observe("analoghil.work.stuck", "{work}", "Pieces of work that do not get on.", () => [new Measurement<long>(board.Stuck().Count)]);
        meter.ObserveCounter("analoghil.work.steps", "{step}", "Steps of all work under way and ended.", () => board.Advances);
        meter.ObserveCounter("analoghil.watchdog.fed", "{sign}", "Signs of life given to the service manager.", () => watchdog.Fed);
    }
}
