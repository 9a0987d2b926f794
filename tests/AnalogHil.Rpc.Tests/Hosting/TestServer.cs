using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Server;
using AnalogHil.Rpc.Tests.Protos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Rpc.Tests.Hosting;

/// <summary>A real server in this process, on a Unix socket in a new directory or on a free loopback port.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string? _directory;

    private TestServer(WebApplication app, string? directory, EchoService echo, string address, RpcChannelOptions? client)
    {
        _app = app;
        _directory = directory;
        Echo = echo;
        Address = address;
        Channel = RpcChannel.ForAddress(address, client);
        Client = new Protos.EchoService.EchoServiceClient(Channel);
    }

    public EchoService Echo { get; }

    public string Address { get; }

    public RpcChannel Channel { get; }

    public Protos.EchoService.EchoServiceClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<TestServer> StartAsync(
        bool tcp = false, Action<RpcServerOptions>? configure = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null,
        Action<KestrelServerOptions>? listen = null, RpcChannelOptions? client = null)
    {
        string? directory = tcp || listen is not null ? null : Directory.CreateTempSubdirectory("hil").FullName;
        string socket = Path.Combine(directory ?? "", "rpc.sock");
        var echo = new EchoService();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRpc(configure);
        builder.Services.AddSingleton(echo);
        services?.Invoke(builder.Services);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (listen is not null)
            {
                listen(kestrel);
            }
            else if (tcp)
            {
                kestrel.ListenRpcLoopback(0);
            }
            else
            {
                kestrel.ListenRpcUnixSocket(socket);
            }
        });
        WebApplication app = builder.Build();
        app.MapRpcService<EchoService>();
        map?.Invoke(app);
        await app.StartAsync();
        string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new TestServer(app, directory, echo, directory is null ? bound : $"unix:{socket}", client);
    }

    public Task StopAsync(CancellationToken limit) => _app.StopAsync(limit);

    public async ValueTask DisposeAsync()
    {
        Echo.Ignore.TrySetResult();
        Channel.Dispose();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
        if (_directory is not null)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
