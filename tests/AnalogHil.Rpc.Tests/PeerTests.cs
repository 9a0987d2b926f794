using System.Diagnostics;
using System.Globalization;
using AnalogHil.Rpc.Server;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;

namespace AnalogHil.Rpc.Tests;

public sealed class PeerTests
{
    [Fact]
    public async Task GetPeerCredentials_OverUnixSocket_AreThoseOfTheCallingProcess()
    {
        await using TestServer server = await TestServer.StartAsync();

        await server.Client.UnaryAsync(new EchoRequest { Text = "x" });

        using Process id = Process.Start(new ProcessStartInfo("id", "-u") { RedirectStandardOutput = true })!;
        uint user = uint.Parse((await id.StandardOutput.ReadToEndAsync()).Trim(), CultureInfo.InvariantCulture);
        PeerCredentials credentials = Assert.IsType<PeerCredentials>(server.Echo.LastCredentials);
        Assert.Equal((Environment.ProcessId, user), (credentials.ProcessId, credentials.UserId));
    }

    [Fact]
    public async Task GetPeerCredentials_OverTcp_AreNone()
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true);

        await server.Client.UnaryAsync(new EchoRequest { Text = "x" });

        Assert.NotNull(server.Echo.LastMethod);
        Assert.Null(server.Echo.LastCredentials);
    }
}
