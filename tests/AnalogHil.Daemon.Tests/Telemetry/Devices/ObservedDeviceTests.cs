using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Hosting.Health;
using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Telemetry.Exposition;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Daemon.Tests.Hosting;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using ExecuteRequest = AnalogHil.Devices.Contract.ExecuteRequest;

namespace AnalogHil.Daemon.Tests.Telemetry.Devices;

/// <summary>What a daemon tells of a device that somebody uses: by stream, metrics and health.</summary>
public sealed class ObservedDeviceTests
{
    private const int Rows = 4;
    private const int Columns = 2;

    [Fact]
    public async Task Use_OfASimulatedDevice_ShowsInStreamMetricsAndHealth()
    {
        await using TestHost host = await StartAsync();
        await using AttendedDevice device = await OpenAsync(host);
        using AsyncServerStreamingCall<StreamResponse> stream = new TelemetryService.TelemetryServiceClient(host.Channel).Stream(
            new StreamRequest { Benches = { "ideal" } }, deadline: DateTime.UtcNow.AddSeconds(60));
        await stream.ResponseHeadersAsync;

        await device.ArmAsync(1, CancellationToken.None);
        await device.ProgramAsync([new BlockProgram(0, Rows, Columns, new float[Rows * Columns], [new Placement(0, 0, 0)])], CancellationToken.None);
        await device.ExecuteAsync(new ExecuteRequest(0, 3, new float[3 * Rows], new float[3 * Columns]), CancellationToken.None);
        await device.ReadTelemetryAsync(CancellationToken.None);
        await Assert.ThrowsAsync<DeviceException>(async () => await device.ExecuteAsync(new ExecuteRequest(9, 1, new float[Rows], new float[Columns]), CancellationToken.None));
        await device.DisposeAsync();

        var seen = new List<StreamResponse>();
        do
        {
            Assert.True(await stream.ResponseStream.MoveNext());
            seen.Add(stream.ResponseStream.Current);
        }
        while (seen[^1].Calls is not { Executions: > 0 });
        V1.Telemetry telemetry = Assert.Single(seen, message => message.SampleCase == StreamResponse.SampleOneofCase.Telemetry).Telemetry;
        Assert.Equal((DriveState.Armed, 3L * Columns), (telemetry.State, telemetry.Reads));
        DeviceFailure fault = Assert.Single(seen, message => message.SampleCase == StreamResponse.SampleOneofCase.Fault).Fault;
        Assert.Equal(("execute", "invalid-request"), (fault.Call, fault.Fault));
        Assert.Equal((1L, 3L * Columns), (seen[^1].Calls.Executions, seen[^1].Calls.Reads));

        string metrics = host.Host.Services.GetRequiredService<MetricCollector>().Read(openMetrics: false);
        Assert.Contains($"analoghil_device_reads_total{{bench=\"ideal\"}} {3 * Columns}\n", metrics, StringComparison.Ordinal);
        Assert.Contains("analoghil_device_failures_total{bench=\"ideal\",call=\"execute\",fault=\"invalid-request\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("analoghil_device_call_duration_seconds_count{bench=\"ideal\",call=\"execute\"} 2\n", metrics, StringComparison.Ordinal);

        // A request that the device refuses is an answer.
        Assert.Null(host.Host.Services.GetRequiredService<BenchEvidence>().Of(device.Path).Failure);
        Assert.Empty(host.Host.Services.GetRequiredService<ProgressBoard>().Stuck());
    }

    [Fact]
    public async Task Round_WhileSomebodyHoldsTheBench_AsksItsDeviceNothing()
    {
        await using TestHost host = await StartAsync();
        BenchLedger benches = host.Host.Services.GetRequiredService<BenchLedger>();
        await using AttendedDevice device = await OpenAsync(host);
        Assert.True(benches.TryAcquire(device.Path, "operations/1", out IDisposable? hold, out _));
        using IDisposable held = hold;

        await Prober(host).RoundAsync(CancellationToken.None);

        Assert.DoesNotContain("probe_duration", host.Host.Services.GetRequiredService<MetricCollector>().Read(openMetrics: false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Round_IdleBenches_ProvesThoseThatWorkAndNamesTheFailureOfOthers()
    {
        await using TestHost host = await StartAsync();
        string gone = Path.Combine(host.Benches, "serial-posix.json");
        Repository.CopyBench("serial-posix", host.Benches);
        File.WriteAllText(gone, File.ReadAllText(gone).Replace("analoghil-fw-posix", "a-program-that-is-not-there", StringComparison.Ordinal));
        BenchProber prober = Prober(host, "ideal", gone);
        prober.Locate();
        await prober.RoundAsync(CancellationToken.None);

        BenchEvidence evidence = host.Host.Services.GetRequiredService<BenchEvidence>();
        Assert.Null(evidence.Of(Path.Combine(host.Benches, "ideal.json")).Failure);
        Assert.NotNull(evidence.Of(gone).Failure);
        Assert.DoesNotContain("was not probed", evidence.Of(gone).Failure, StringComparison.Ordinal);
        Assert.Empty(host.Host.Services.GetRequiredService<DeviceRoll>().Open);
    }

    private static BenchProber Prober(TestHost host, params string[] benches) => ActivatorUtilities.CreateInstance<BenchProber>(
        host.Host.Services,
        new Daemon.Hosting.DaemonOptions
        {
            SocketPath = host.Host.SocketPath,
            BenchDirectory = host.Benches,
            ProbedBenches = benches.Length > 0 ? benches : null,
            ProbeLimit = TimeSpan.FromSeconds(60),
        });

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(options =>
    {
        Repository.CopyBench("ideal", options.BenchDirectory);
        return options with { Metrics = new MetricsAddress(null, Path.Combine(Path.GetDirectoryName(options.SocketPath)!, "metrics.sock")) };
    });

    private static async Task<AttendedDevice> OpenAsync(TestHost host)
    {
        string path = Path.Combine(host.Benches, "ideal.json");
        return await host.Host.Services.GetRequiredService<DeviceRoll>().OpenAsync(
            path, OpenableBench.Of(BenchFile.Load(path), TimeProvider.System), 1, CancellationToken.None);
    }
}
