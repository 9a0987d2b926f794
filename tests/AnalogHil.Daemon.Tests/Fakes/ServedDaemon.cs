using AnalogHil.Daemon.Hosting;
using AnalogHil.Rpc.Client;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>A daemon on a socket in a directory of its own that can be stopped and started again, with a bench that is only a name.</summary>
internal sealed class ServedDaemon : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Func<DaemonOptions, DaemonOptions> _with;
    private readonly List<RpcChannel> _channels = [];
    private DaemonHost? _host;

    private ServedDaemon(Func<DaemonOptions, DaemonOptions> with) => _with = with;

    public string Bench => _directory["bench.json"];

    public LeaseService.LeaseServiceClient Leases { get; private set; } = null!;

    public CallInvoker Invoker { get; private set; } = null!;

    public IEnumerable<string> Addresses => _host!.Addresses;

    public string this[string file] => _directory[file];

    public static Mutation NewRequest() => new() { RequestId = Guid.NewGuid().ToString("D") };

    public static async Task<ServedDaemon> StartAsync(Func<DaemonOptions, DaemonOptions>? with = null)
    {
        var daemon = new ServedDaemon(with ?? (options => options));
        await File.WriteAllTextAsync(daemon.Bench, "{}");
        await daemon.StartAgainAsync();
        return daemon;
    }

    public DaemonOptions Options => _with(new DaemonOptions
    {
        SocketPath = _directory["run/hil.sock"],
        BenchDirectory = _directory["benches"],
        HandlesSignals = false,
        ProbeInterval = null,
    });

    public async Task StartAgainAsync()
    {
        await StopAsync();
        _host = DaemonHost.Build(Options);
        await _host.StartAsync(CancellationToken.None);
        Invoker = Connect("unix:" + _host.SocketPath);
        Leases = new LeaseService.LeaseServiceClient(Invoker);
    }

    public CallInvoker Connect(string address, RpcChannelTls? tls = null)
    {
        RpcChannel channel = RpcChannel.ForAddress(address, new RpcChannelOptions { Tls = tls });
        _channels.Add(channel);
        return channel.CreateCallInvoker();
    }

    public async Task<Lease> AcquireAsync(Mutation? request = null, double ttlSeconds = 60) => (await Leases.AcquireAsync(new AcquireRequest
    {
        Bench = Bench,
        Mutation = request ?? NewRequest(),
        Ttl = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(ttlSeconds)),
    })).Lease;

    public async Task StopAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        _channels.Clear();
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            await _host.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }
}
