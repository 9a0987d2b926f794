using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Operations;
using AnalogHil.Daemon.Telemetry.Exposition;
using AnalogHil.Daemon.Telemetry.Operations;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Daemon.Tests.Hosting;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AnalogHil.Daemon.Tests.Telemetry.Operations;

/// <summary>What a daemon tells of the operations that run in it.</summary>
public sealed class OperationWatchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Operation_FromItsFirstReportToItsEnd_ShowsInStreamWatchdogAndMetrics()
    {
        await using TestHost host = await TestHost.StartAsync(options => options with
        {
            Metrics = new MetricsAddress(null, Path.Combine(Path.GetDirectoryName(options.SocketPath)!, "metrics.sock")),
        });
        using AsyncServerStreamingCall<StreamResponse> stream = new TelemetryService.TelemetryServiceClient(host.Channel).Stream(
            new StreamRequest { Kinds = { SampleKind.Progress } }, deadline: DateTime.UtcNow + Limit);
        await stream.ResponseHeadersAsync;
        ProgressBoard board = host.Host.Services.GetRequiredService<ProgressBoard>();
        long before = board.Advances;

        var operation = (LongOperation)host.Host.Services.GetRequiredService<OperationLedger>().Create(
            "validate", "/benches/a.json", new Empty(), new OperationOrigin("uid:0", null));
        operation.Report("certify", 3, 10, "image 3");
        OperationProgress seen = await NextAsync(stream, progress => progress.Done == 3);
        operation.Fail(new CampaignException(ErrorReason.DeviceUnavailable, "gone"));

        Assert.Equal((operation.Name, "certify", 10L), (seen.Operation, seen.Phase, seen.Total));
        Assert.True(board.Advances > before);
        MetricCollector metrics = host.Host.Services.GetRequiredService<MetricCollector>();
        Assert.True(SpinWait.SpinUntil(
            () => metrics.Read(openMetrics: false).Contains(
                "analoghil_operations_ended_total{kind=\"validate\",outcome=\"Unavailable\"} 1\n", StringComparison.Ordinal), Limit));
    }

    [Fact]
    public async Task Campaign_ThatAnEarlierDaemonLeft_ShowsInTheStream()
    {
        using var directory = new TemporaryDirectory();
        string name;
        await using (TestHost before = await TestHost.StartAsync(options => options with { StateDirectory = directory["state"] }))
        {
            name = Begin(before).Name;
        }

        await using TestHost host = await TestHost.StartAsync(options => options with { StateDirectory = directory["state"] });
        using AsyncServerStreamingCall<StreamResponse> stream = new TelemetryService.TelemetryServiceClient(host.Channel).Stream(
            new StreamRequest { Kinds = { SampleKind.Progress } }, deadline: DateTime.UtcNow + Limit);
        OperationProgress seen = await NextAsync(stream, _ => true);

        Assert.Equal(name, seen.Operation);
        Assert.Equal(1, Watch(host).Followed);
    }

    [Fact]
    public async Task Campaign_ThatNeverStarted_IsFollowedNoMore()
    {
        await using TestHost host = await TestHost.StartAsync();
        IOperation campaign = Begin(host);
        Assert.Equal(1, Watch(host).Followed);

        host.Host.Services.GetRequiredService<OperationLedger>().Remove(campaign);

        Assert.Equal(0, Watch(host).Followed);
    }

    [Theory]
    [InlineData(CampaignPhase.Queued, false, true)]
    [InlineData(CampaignPhase.Calibrate, false, false)]
    [InlineData(CampaignPhase.Calibrate, true, true)]
    public void Of_ACampaign_WaitsForItsTurnAndToBeResumed(CampaignPhase phase, bool interrupted, bool waits)
    {
        OperationFigures figures = OperationFigures.Of(new Operation
        {
            Metadata = Any.Pack(new RunMetadata { Bench = "/benches/a.json", Phase = phase, Interrupted = interrupted, Done = 1, Total = 2 }),
        });

        Assert.Equal(("campaign", "a", 1L, 2L, waits), (figures.Kind, figures.Bench, figures.Done, figures.Total, figures.Waits));
    }

    [Fact]
    public void Of_AnOperationWithoutABench_HasNoName() => Assert.Equal(
        ("learn", ""), (OperationFigures.Of(Learning()).Kind, OperationFigures.Of(Learning()).Bench));

    private static IOperation Begin(TestHost host) => host.Host.Services.GetRequiredService<OperationLedger>().CreateCampaign(
        Campaigns.Request(), CampaignRequests.ToMessage(Campaigns.Request(), new RunRequest()), new OperationOrigin("uid:0")).Operation;

    private static OperationWatch Watch(TestHost host) => host.Host.Services.GetServices<IHostedService>().OfType<OperationWatch>().Single();

    private static Operation Learning() => new() { Metadata = Any.Pack(new OperationMetadata { Kind = "learn", Phase = "search" }) };

    private static async Task<OperationProgress> NextAsync(AsyncServerStreamingCall<StreamResponse> stream, Func<OperationProgress, bool> wanted)
    {
        do
        {
            Assert.True(await stream.ResponseStream.MoveNext());
        }
        while (!wanted(stream.ResponseStream.Current.Progress));

        return stream.ResponseStream.Current.Progress;
    }
}
