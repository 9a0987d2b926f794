using System.Net;
using System.Security.Cryptography.X509Certificates;
using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Server;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting;

namespace AnalogHil.Rpc.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _lab = new("lab");
    private readonly TestAuthority _stranger = new("stranger");

    public void Dispose()
    {
        _lab.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Unary_OverTls_WorksAndShowsNoClientCertificate()
    {
        await using TestServer server = await StartAsync(mutual: false, new RpcChannelTls { Authorities = _lab.Public });

        Assert.Equal("x", (await server.Client.UnaryAsync(new EchoRequest { Text = "x" })).Text);
        Assert.StartsWith("https://", server.Address, StringComparison.Ordinal);
        Assert.Null(server.Echo.LastCertificate);
        Assert.Null(server.Echo.LastCredentials);
    }

    [Fact]
    public async Task Unary_OverTlsOfAnUnknownAuthority_IsUnavailableAndNamesTheRemedy()
    {
        await using TestServer server = await StartAsync(mutual: false, new RpcChannelTls { Authorities = _stranger.Public });

        RpcException e = await Refused(server);

        Assert.Contains("No trusted TLS connection", e.Status.Detail, StringComparison.Ordinal);
        Assert.Null(server.Echo.LastMethod);
    }

    [Fact]
    public async Task Unary_OverMutualTls_TellsTheHandlerWhoCalls()
    {
        await using TestServer server = await StartAsync(mutual: true, As(_lab, "operator", TestAuthority.ClientUse));

        Assert.Equal("x", (await server.Client.UnaryAsync(new EchoRequest { Text = "x" })).Text);
        Assert.Equal("CN=operator", server.Echo.LastCertificate);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("of a stranger")]
    [InlineData("for servers only")]
    public async Task Unary_OverMutualTlsWithAnUnfitCertificate_NeverReachesTheHandler(string certificate)
    {
        RpcChannelTls tls = certificate switch
        {
            "none" => new RpcChannelTls { Authorities = _lab.Public },
            "of a stranger" => As(_stranger, "operator", TestAuthority.ClientUse),
            _ => As(_lab, "operator", TestAuthority.ServerUse),
        };
        await using TestServer server = await StartAsync(mutual: true, tls);

        await Refused(server);

        Assert.Null(server.Echo.LastMethod);
    }

    [Fact]
    public void ForAddress_TlsOnAnAddressInClear_Throws() => Assert.Contains(
        "use https://",
        Assert.Throws<ArgumentException>(() => RpcChannel.ForAddress("http://127.0.0.1:1", new RpcChannelOptions { Tls = new RpcChannelTls() })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void ForAddress_ClientCertificateWithoutKey_Throws()
    {
        using X509Certificate2 bare = _lab.Public[0];

        Assert.Throws<ArgumentException>(() => RpcChannel.ForAddress(
            "https://127.0.0.1:1", new RpcChannelOptions { Tls = new RpcChannelTls { ClientCertificate = bare } }));
    }

    private static async Task<RpcException> Refused(TestServer server)
    {
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest { Text = "x" }).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        return e;
    }

    private RpcChannelTls As(TestAuthority authority, string name, string use) =>
        new() { Authorities = _lab.Public, ClientCertificate = authority.Issue(name, use) };

    private Task<TestServer> StartAsync(bool mutual, RpcChannelTls client) => TestServer.StartAsync(
        listen: kestrel => kestrel.ListenRpcTls(
            new IPEndPoint(IPAddress.Loopback, 0),
            new RpcServerTls { Certificate = _lab.Issue("bench", TestAuthority.ServerUse), ClientAuthorities = mutual ? _lab.Public : null }),
        client: new RpcChannelOptions { Tls = client });
}
