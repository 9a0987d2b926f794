using System.Net;
using System.Net.Sockets;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Rpc.Client;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Tests.Hosting;

/// <summary>A daemon on a Unix socket of its own, with a client; it knows no bench unless a test puts one there, and probes none unless told.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private TestHost(Func<DaemonOptions, DaemonOptions>? configure, Action<ILoggingBuilder>? logging)
    {
        Benches = _directory["config/benches"];
        var options = new DaemonOptions
        {
            SocketPath = _directory["run/hil.sock"],
            BenchDirectory = Benches,
            HandlesSignals = false,
            ProbeInterval = null,
            ShutdownTimeout = TimeSpan.FromSeconds(10),
        };
        Host = DaemonHost.Build(configure?.Invoke(options) ?? options, logging);
        Channel = RpcChannel.ForAddress("unix:" + Host.SocketPath);
    }

    public DaemonHost Host { get; }

    public RpcChannel Channel { get; }

    public string Benches { get; }

    public string this[string file] => _directory[file];

    /// <summary>Starts a daemon.</summary>
    /// <param name="configure">Changes its options; what is between may put benches into its directory.</param>
    /// <param name="logging">Where its log goes; null: nowhere.</param>
    public static async Task<TestHost> StartAsync(Func<DaemonOptions, DaemonOptions>? configure = null, Action<ILoggingBuilder>? logging = null)
    {
        var host = new TestHost(configure, logging);
        await host.Host.StartAsync(CancellationToken.None);
        return host;
    }

    /// <summary>A plain HTTP client over a Unix socket of the daemon.</summary>
    public static HttpMessageInvoker Http(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, stop) =>
        {
            var to = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await to.ConnectAsync(new UnixDomainSocketEndPoint(socket), stop);
            return new NetworkStream(to, ownsSocket: true);
        },
    });

    /// <summary>A gRPC request as plain HTTP/2.</summary>
    public static HttpRequestMessage Request(string path, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost" + path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Host.StopAsync(CancellationToken.None);
        await Host.DisposeAsync();
        _directory.Dispose();
    }
}
