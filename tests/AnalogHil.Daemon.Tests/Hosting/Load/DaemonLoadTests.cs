using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Daemon.Telemetry.Streaming;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;
using static AnalogHil.V1.DeviceService;

namespace AnalogHil.Daemon.Tests.Hosting.Load;

/// <summary>The daemon beneath clients that do not read, floods and damaged requests. Times are printed, not asserted.</summary>
public sealed class DaemonLoadTests(ITestOutputHelper output)
{
    private const int Clients = 100;
    private const long LargestGrowth = 64L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Stream_HundredClientsThatNeverRead_TakeBoundedMemoryAndNobodyElsesCalls()
    {
        const int Samples = 40_000;
        await using TestHost host = await TestHost.StartAsync();
        TelemetryHub hub = host.Host.Services.GetRequiredService<TelemetryHub>();
        var system = new SystemService.SystemServiceClient(host.Channel);
        Task CallAsync() => system.GetServerInfoAsync(new GetServerInfoRequest()).ResponseAsync;
        await Latency.OfAsync(200, CallAsync);
        Latency alone = await Latency.OfAsync(500, CallAsync);
        (long managed, long resident) before = Memory();

        RpcChannel[] channels = [.. Enumerable.Range(0, Clients).Select(_ => RpcChannel.ForAddress("unix:" + host.Host.SocketPath))];
        AsyncServerStreamingCall<StreamResponse>[] deaf =
            [.. channels.Select(channel => new TelemetryService.TelemetryServiceClient(channel).Stream(new StreamRequest()))];
        await Task.WhenAll(deaf.Select(call => call.ResponseHeadersAsync)).WaitAsync(Limit);
        Assert.Equal(Clients, hub.Listeners);

        Task flood = Task.Run(() =>
        {
            for (int i = 0; i < Samples; i++)
            {
                hub.Publish("crossbar", new DeviceFailure { Call = "execute", Fault = "timeout", Message = $"sample {i} {new string('x', 400)}" });
            }
        });
        Latency beneath = await Latency.OfAsync(500, CallAsync);
        await flood.WaitAsync(Limit);
        Latency after = await Latency.OfAsync(500, CallAsync);
        (long managed, long resident) full = Memory();

        // A client that wakes up learns what it has lost, and that nothing else is missing.
        long seen = 0;
        long lost = 0;
        while (seen + lost < Samples && await deaf[7].ResponseStream.MoveNext())
        {
            StreamResponse message = deaf[7].ResponseStream.Current;
            seen++;
            lost += message.Dropped;
            Assert.Equal(seen + lost, message.Sequence);
        }

        output.WriteLine($"{Clients} clients that never read, {Samples} samples of 430 bytes: managed memory grew by {(full.managed - before.managed) / 1024} KiB, resident by {(full.resident - before.resident) / 1024} KiB (both ends)");
        output.WriteLine($"one of them, woken up, got {seen} samples and was told that {lost} were dropped");
        output.WriteLine($"another client's calls: alone {alone}; beneath the flood {beneath}; afterwards {after}");
        Assert.Equal(Samples, seen + lost);
        Assert.True(lost > 0, "nothing was dropped, so nothing was tested");
        Assert.True(full.managed - before.managed < LargestGrowth, $"managed memory grew by {full.managed - before.managed} bytes");
        Assert.True(full.resident - before.resident < LargestGrowth, $"resident memory grew by {full.resident - before.resident} bytes");
        foreach (AsyncServerStreamingCall<StreamResponse> call in deaf)
        {
            call.Dispose();
        }

        Assert.True(SpinWait.SpinUntil(() => hub.Listeners == 0, Limit));
        Array.ForEach(channels, channel => channel.Dispose());
    }

    [Fact]
    public async Task EnterSafeState_BeneathAFlood_MakesTheDeviceSafeEachTime()
    {
        const int Calls = 300;
        await using TestHost host = await TestHost.StartAsync(options =>
        {
            Repository.CopyBench("ideal", options.BenchDirectory);
            return options;
        });
        string path = Path.Combine(host.Benches, "ideal.json");
        DeviceRoll roll = host.Host.Services.GetRequiredService<DeviceRoll>();
        AttendedDevice device = await roll.OpenAsync(path, OpenableBench.Of(BenchFile.Load(path), TimeProvider.System), 1, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Task[] flood = [.. Enumerable.Range(0, 16).Select(_ => FloodAsync(host, stop.Token))];
        using RpcChannel own = RpcChannel.ForAddress("unix:" + host.Host.SocketPath);
        var client = new DeviceServiceClient(own);
        EnterSafeStateResponse? response = null;
        int safe = 0;

        async Task CheckAndArmAsync()
        {
            DeviceTelemetry told = await device.ReadTelemetryAsync(CancellationToken.None);
            safe += response is not null && Assert.Single(response.Devices).State == DriveState.Safe && told.State == DeviceState.Safe ? 1 : 0;
            device.Allow();
            await device.ArmAsync(1, CancellationToken.None);
        }

        async Task MakeSafeAsync() =>
            response = await client.EnterSafeStateAsync(new EnterSafeStateRequest { Bench = "ideal" }, deadline: DateTime.UtcNow + Limit);

        await Latency.OfAsync(Calls / 3, MakeSafeAsync, CheckAndArmAsync);
        await CheckAndArmAsync();
        (safe, response) = (0, null);
        Latency latency = await Latency.OfAsync(Calls, MakeSafeAsync, CheckAndArmAsync);
        await CheckAndArmAsync();
        await stop.CancelAsync();
        await Task.WhenAll(flood);
        await device.DisposeAsync();

        output.WriteLine($"making an armed device safe beneath 16 calls in flight: {latency}");
        Assert.Equal(Calls, safe);
    }

    [Fact]
    public Task Daemon_FiveThousandMalformedRequests_AnswersEachWithItsCode() => MalformedAsync(5_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Daemon_HundredThousandMalformedRequests_AnswersEachWithItsCode() => MalformedAsync(100_000);

    private static async Task FloodAsync(TestHost host, CancellationToken stop)
    {
        using RpcChannel channel = RpcChannel.ForAddress("unix:" + host.Host.SocketPath);
        var client = new SystemService.SystemServiceClient(channel);
        while (!stop.IsCancellationRequested)
        {
            await client.GetServerInfoAsync(new GetServerInfoRequest(), cancellationToken: CancellationToken.None);
        }
    }

    private static (long Managed, long Resident) Memory()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }

    private async Task MalformedAsync(int count)
    {
        await using TestHost host = await TestHost.StartAsync();
        using HttpMessageInvoker http = TestHost.Http(host.Host.SocketPath);
        var target = MalformedTarget.Of("/analoghil.v1.SystemService/GetServerInfo", new GetServerInfoRequest(), null, GetServerInfoRequest.Parser);

        await MalformedFlood.RunAsync(http, "http://localhost", target, count, output);

        Assert.NotEmpty((await new SystemService.SystemServiceClient(host.Channel).GetServerInfoAsync(new GetServerInfoRequest())).Version);
    }
}
