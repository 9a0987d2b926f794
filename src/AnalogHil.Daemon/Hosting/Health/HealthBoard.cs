using AnalogHil.Daemon.Benches;
using AnalogHil.Rpc.Health;
using Microsoft.Extensions.Logging;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace AnalogHil.Daemon.Hosting.Health;

/// <summary>
/// Turns evidence into the statuses of grpc.health.v1. "bench/NAME" serves while its device worked when it was last asked something, within
/// <see cref="DaemonOptions.HealthAge"/> or by the operation that holds it now. The daemon as a whole ("") and the services that drive devices serve while
/// at least one bench does; the others serve while the daemon runs.
/// </summary>
internal sealed partial class HealthBoard(
    HealthRegistry registry, BenchEvidence evidence, BenchLedger benches, Telemetry.DaemonMeter meter, DaemonOptions options, ILogger<HealthBoard> log)
{
    /// <summary>Services that can do nothing without a device.</summary>
    private static readonly string[] Driving =
    [
        "analoghil.v1.CalibrationService", "analoghil.v1.CampaignService", "analoghil.v1.DeploymentService", "analoghil.v1.DeviceService",
    ];

    private readonly Lock _gate = new();
    private IReadOnlyCollection<string> _services = [];
    private bool _serves;

    /// <summary>The daemon serves from now on.</summary>
    /// <param name="services">Full names of its services.</param>
    public void Begin(IReadOnlyCollection<string> services)
    {
        lock (_gate)
        {
            (_services, _serves) = (services, true);
        }

        evidence.Changed += Turned;
        Update();
    }

    /// <summary>The daemon stops: nothing serves any more.</summary>
    public void End()
    {
        evidence.Changed -= Turned;
        lock (_gate)
        {
            _serves = false;
        }

        Update();
    }

    /// <summary>Sets every status by the evidence there is now.</summary>
    public void Update()
    {
        lock (_gate)
        {
            // Without probes nothing is known of benches before they are used, and the statuses say only that the daemon answers.
            bool anyWorks = options.ProbeInterval is null;
            foreach (BenchStanding standing in evidence.All)
            {
                bool works = standing.Failure is null && (standing.Age <= options.HealthAge || benches.HolderOf(standing.Path) is not null);
                anyWorks |= works;
                meter.Works(standing.Bench, works);
                registry.Set("bench/" + standing.Bench, Of(works));
            }

            foreach (string service in _services)
            {
                registry.Set(service, Of(anyWorks || !Driving.Contains(service)));
            }

            registry.Set("", Of(anyWorks));
        }
    }

    private ServingStatus Of(bool serves) => serves && _serves ? ServingStatus.Serving : ServingStatus.NotServing;

    private void Turned(BenchStanding standing)
    {
        if (standing.Failure is { } why)
        {
            LogFails(standing.Bench, why);
        }
        else
        {
            LogWorks(standing.Bench);
        }

        Update();
    }

    [LoggerMessage(40, LogLevel.Warning, "bench {Bench} does not work: {Why}", EventName = "bench-fails")]
    private partial void LogFails(string bench, string why);

    [LoggerMessage(41, LogLevel.Information, "bench {Bench} works", EventName = "bench-works")]
    private partial void LogWorks(string bench);
}
