using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Telemetry;
using AnalogHil.Daemon.Telemetry.Streaming;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;

namespace AnalogHil.Daemon.Tests.Telemetry.Streaming;

public sealed class DriftSamplesTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddMetrics()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = "/nowhere" })
        .AddSingleton<DaemonMeter>()
        .AddSingleton<TelemetryHub>()
        .BuildServiceProvider();

    private DaemonMeter Meter => _services.GetRequiredService<DaemonMeter>();

    private TelemetryHub Hub => _services.GetRequiredService<TelemetryHub>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Watch_AlarmThenDegradedThenMended_IsToldStepByStepWithinAnyInterval()
    {
        TelemetryFilter filter = TelemetryFilter.Of(
            new StreamRequest { Kinds = { SampleKind.Drift }, Interval = Duration.FromTimeSpan(TimeSpan.FromHours(1)) });
        TelemetrySubscription client = Hub.TrySubscribe(filter)!;

        Meter.Watched("crossbar", 3, alarmed: true);
        Meter.Degraded("crossbar", degraded: false);
        Meter.Degraded("crossbar", degraded: true);
        Meter.Watched("crossbar", 4, alarmed: false);
        Meter.Degraded("crossbar", degraded: false);

        DriftStatus[] expected =
        [
            new() { Probes = 3, Alarm = true }, new() { Probes = 3, Alarm = true, Degraded = true },
            new() { Probes = 4, Degraded = true }, new() { Probes = 4 },
        ];
        Assert.Equal(expected, (await TakeAsync(client, 4)).Select(message => message.Drift));
    }

    [Fact]
    public async Task Renewed_AfterAnAlarm_TellsOnceThatItStandsNoLonger()
    {
        TelemetrySubscription client = Hub.TrySubscribe(TelemetryFilter.All)!;
        Meter.Watched("crossbar", 3, alarmed: true);
        Meter.Renewed("crossbar");
        Meter.Renewed("crossbar");
        Meter.Watched("crossbar", 5, alarmed: false);

        DriftStatus[] expected = [new() { Probes = 3, Alarm = true }, new() { Probes = 3 }, new() { Probes = 5 }];
        Assert.Equal(expected, (await TakeAsync(client, 3)).Select(message => message.Drift));
    }

    [Fact]
    public async Task Subscribe_AfterAnAlarm_BeginsWithIt()
    {
        _ = Hub;
        Meter.Watched("crossbar", 3, alarmed: true);

        StreamResponse first = (await TakeAsync(Hub.TrySubscribe(TelemetryFilter.All)!, 1))[0];

        Assert.Equal(("crossbar", new DriftStatus { Probes = 3, Alarm = true }), (first.Bench, first.Drift));
    }

    private static async Task<List<StreamResponse>> TakeAsync(TelemetrySubscription client, int count)
    {
        var taken = new List<StreamResponse>();
        await foreach (StreamResponse message in client.ReadAllAsync(CancellationToken.None))
        {
            taken.Add(message);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}
