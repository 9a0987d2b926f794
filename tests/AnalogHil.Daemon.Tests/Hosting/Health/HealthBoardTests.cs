using System.Diagnostics.Metrics;
using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Hosting.Health;
using AnalogHil.Daemon.Telemetry;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Rpc.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace AnalogHil.Daemon.Tests.Hosting.Health;

public sealed class HealthBoardTests : IDisposable
{
    private const string Bench = "/benches/a.json";

    private readonly SteppedTime _time = new();
    private readonly HealthRegistry _registry = new();
    private readonly BenchLedger _benches = new();
    private readonly BenchEvidence _evidence;
    private readonly DaemonMeter _meter;
    private readonly HealthBoard _board;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public HealthBoardTests()
    {
        _evidence = new BenchEvidence(_time);
        _meter = new DaemonMeter(_services.GetRequiredService<IMeterFactory>(), _time);
        _board = new HealthBoard(
            _registry,
            _evidence,
            _benches,
            _meter,
            new DaemonOptions { SocketPath = "/nowhere/hil.sock", BenchDirectory = "/benches" },
            NullLogger<HealthBoard>.Instance);
        _board.Begin(["analoghil.v1.CampaignService", "analoghil.v1.SystemService"]);
    }

    [Fact]
    public void Begin_NothingProven_OnlyWhatNeedsNoDeviceServes() => Assert.Equal(
        (ServingStatus.NotServing, ServingStatus.NotServing, ServingStatus.Serving),
        (_registry.Find(""), _registry.Find("analoghil.v1.CampaignService"), _registry.Find("analoghil.v1.SystemService")));

    [Fact]
    public void Worked_OneOfTwoBenches_IsEnoughForTheDaemon()
    {
        _evidence.Of("/benches/b.json").Failed("no answer");
        _evidence.Of(Bench).Worked();

        Assert.Equal(
            (ServingStatus.Serving, ServingStatus.Serving, ServingStatus.NotServing),
            (_registry.Find(""), _registry.Find("bench/a"), _registry.Find("bench/b")));
    }

    [Fact]
    public void Failed_AfterItWorked_ServesNoMoreAndAgainWhenItWorks()
    {
        _evidence.Of(Bench).Worked();
        _evidence.Of(Bench).Failed("the cable is out");
        Assert.Equal(ServingStatus.NotServing, _registry.Find(""));

        _evidence.Of(Bench).Worked();
        Assert.Equal(ServingStatus.Serving, _registry.Find(""));
    }

    [Fact]
    public void Update_OldEvidence_CountsOnlyForABenchThatSomebodyHolds()
    {
        _evidence.Of(Bench).Worked();
        _time.Advance(TimeSpan.FromSeconds(91));
        Assert.True(_benches.TryAcquire(Bench, "operations/1", out IDisposable? hold, out _));
        _board.Update();
        Assert.Equal(ServingStatus.Serving, _registry.Find("bench/a"));

        hold.Dispose();
        _board.Update();

        Assert.Equal((ServingStatus.NotServing, ServingStatus.NotServing), (_registry.Find("bench/a"), _registry.Find("")));
    }

    [Fact]
    public void End_EverythingWorked_NothingServes()
    {
        _evidence.Of(Bench).Worked();

        _board.End();

        Assert.All(_registry.Statuses.Values, status => Assert.Equal(ServingStatus.NotServing, status));
    }

    public void Dispose()
    {
        _meter.Dispose();
        _services.Dispose();
    }
}
