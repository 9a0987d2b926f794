using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Telemetry;
using AnalogHil.Rpc.Client;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AnalogHil.Functional.Tests;

/// <summary>A daemon on a Unix socket of its own, with a client; benches, models and images are those that come with the program.</summary>
internal sealed class TestDaemon : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-test-");
    private DaemonHost _host;
    private RpcChannel _channel;
    private readonly Dictionary<string, Lease> _leases = [];
    private readonly CampaignHold _hold = new();

    private TestDaemon()
    {
        Benches = Directory.CreateDirectory(this["benches"]).FullName;
        (_host, _channel) = Build();
    }

    public string SocketPath => _host.SocketPath;

    /// <summary>A directory for benches of a test.</summary>
    public string Benches { get; }

    public CallInvoker Invoker => _channel.CreateCallInvoker();

    /// <summary>Has it tell its clients what a drift watch found.</summary>
    public void TellOfDrift(string bench, int probes, bool alarmed) => _host.Services.GetRequiredService<DaemonMeter>().Watched(bench, probes, alarmed);

    public LeaseService.LeaseServiceClient Leases => new(Invoker);

    public CampaignService.CampaignServiceClient Campaigns => new(Invoker);

    public Google.LongRunning.Operations.OperationsClient Operations => new(Invoker);

    public string this[string path] => Path.Combine(_directory.FullName, path);

    public static string Shipped(string path) => Path.Combine(AppContext.BaseDirectory, path);

    public static async Task<TestDaemon> StartAsync()
    {
        var daemon = new TestDaemon();
        await daemon._host.StartAsync(CancellationToken.None);
        return daemon;
    }

    /// <summary>Stops the daemon, as SIGTERM would, and starts another on the same socket and state.</summary>
    public async Task RestartAsync()
    {
        _channel.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        (_host, _channel) = Build();
        await _host.StartAsync(CancellationToken.None);
    }

    /// <summary>A quick campaign: the small network, few images, a target that leaves room.</summary>
    public RunRequest Quick(string output, string? bench = null) => new()
    {
        Bench = bench ?? "crossbar",
        Model = Shipped("models/fashion-lenet.onnx"),
        Data = Shipped("data/fashion-mnist"),
        MaxDropPoints = 6,
        MaxImages = 1000,
        OutputDirectory = this[output],
        Mutation = NewRequest(),
    };

    /// <summary>The same with the right to run it on its bench.</summary>
    public async Task<RunRequest> QuickAsync(string output, string? bench = null)
    {
        RunRequest request = Quick(output, bench);
        request.Mutation = await MutationAsync(request.Bench);
        return request;
    }

    /// <summary>A fresh request id, and the right to change the device of a bench: one lease a bench as long as the test lasts.</summary>
    public async Task<Mutation> MutationAsync(string bench)
    {
        if (!_leases.TryGetValue(bench, out Lease? lease))
        {
            var request = new AcquireRequest { Bench = bench, Mutation = NewRequest(), Ttl = Duration.FromTimeSpan(TimeSpan.FromHours(1)) };
            lease = (await Leases.AcquireAsync(request)).Lease;
            _leases.Add(bench, lease);
        }

        Mutation mutation = NewRequest();
        mutation.Lease = lease.Name;
        mutation.Epoch = lease.Epoch;
        return mutation;
    }

    /// <summary>Something new to be done.</summary>
    public static Mutation NewRequest() => new() { RequestId = Guid.NewGuid().ToString("D") };

    /// <summary>Continues a campaign that was stopped.</summary>
    public static RunRequest Again(RunRequest stopped) => new() { OutputDirectory = stopped.OutputDirectory, Resume = true, Mutation = NewRequest() };

    /// <summary>Events of an operation up to the one that is wanted, or the last.</summary>
    public async Task<CampaignEvent> WaitForAsync(Operation operation, Func<CampaignEvent, bool> wanted)
    {
        using AsyncServerStreamingCall<WatchOperationResponse> watch =
            Campaigns.WatchOperation(new WatchOperationRequest { Name = operation.Name });
        CampaignEvent? last = null;
        while (await watch.ResponseStream.MoveNext(CancellationToken.None))
        {
            last = watch.ResponseStream.Current.Event;
            if (wanted(last))
            {
                break;
            }
        }

        return last!;
    }

    /// <summary>Lets the next campaign get to a step and no further until it is stopped or <see cref="Release"/>d; see <see cref="ReachAsync"/>.</summary>
    public void HoldAt(CampaignPhase phase) => _hold.At(phase);

    /// <summary>Lets the campaign that is held go on.</summary>
    public void Release() => _hold.Release();

    /// <summary>Waits until a campaign is at a step.</summary>
    public async Task ReachAsync(Operation operation, CampaignPhase phase)
    {
        CampaignEvent reached = await WaitForAsync(operation, happened => happened.Progress?.Phase == phase);
        Assert.True(reached.Progress?.Phase == phase, $"the campaign ended before {phase}: {reached}");
    }

    /// <summary>The last event of an operation.</summary>
    public Task<CampaignEvent> EndAsync(Operation operation) => WaitForAsync(operation, _ => false);

    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        _hold.Dispose();
        _directory.Delete(recursive: true);
    }

    private (DaemonHost Host, RpcChannel Channel) Build()
    {
        var options = new DaemonOptions
        {
            SocketPath = this["run/hil.sock"],
            BenchDirectory = Path.Combine(AppContext.BaseDirectory, "config", "benches"),
            HandlesSignals = false,
        };
        DaemonHost host = DaemonHost.Build(options, configureLogging: null, _hold.Around);
        return (host, RpcChannel.ForAddress("unix:" + host.SocketPath));
    }
}
