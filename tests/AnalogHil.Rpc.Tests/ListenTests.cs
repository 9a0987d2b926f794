using System.Net.Sockets;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AnalogHil.Rpc.Tests;

public sealed class ListenTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hil").FullName;

    private string Socket => Path.Combine(_directory, "rpc.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task ListenRpcUnixSocket_AnotherServerListens_Throws()
    {
        await using TestServer server = await TestServer.StartAsync();

        var e = Assert.Throws<InvalidOperationException>(() => new KestrelServerOptions().ListenRpcUnixSocket(server.Address["unix:".Length..]));

        Assert.Contains("Another server listens", e.Message, StringComparison.Ordinal);
        Assert.Equal("x", (await server.Client.UnaryAsync(new EchoRequest { Text = "x" })).Text);
    }

    [Fact]
    public void ListenRpcUnixSocket_SocketOfADeadServer_IsRemoved()
    {
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(Socket));
            File.Move(Socket, Socket + ".kept");
        }

        File.Move(Socket + ".kept", Socket);
        Assert.True(File.Exists(Socket));

        new KestrelServerOptions().ListenRpcUnixSocket(Socket);

        Assert.False(File.Exists(Socket));
    }

    [Theory]
    [InlineData("")]
    [InlineData("notes")]
    public void ListenRpcUnixSocket_PlainFile_ThrowsAndKeepsIt(string content)
    {
        File.WriteAllText(Socket, content);

        Assert.Throws<InvalidOperationException>(() => new KestrelServerOptions().ListenRpcUnixSocket(Socket));

        Assert.Equal(content, File.ReadAllText(Socket));
    }

    [Fact]
    public void ListenRpcUnixSocket_LongPath_ThrowsAndNamesTheLimit()
    {
        var e = Assert.Throws<InvalidOperationException>(
            () => new KestrelServerOptions().ListenRpcUnixSocket(Path.Combine(_directory, new string('x', 100))));

        Assert.Contains("limit is 107", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ListenRpcUnixSocket_MissingDirectory_IsMadeForThisUserOnly()
    {
        string directory = Path.Combine(_directory, "run");

        new KestrelServerOptions().ListenRpcUnixSocket(Path.Combine(directory, "s"));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(directory).UnixFileMode);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:1")]
    [InlineData("127.0.0.1:1")]
    [InlineData("unix:")]
    [InlineData("http://127.0.0.1:1/path")]
    public void ForAddress_OtherForm_ThrowsAndNamesTheForms(string address) =>
        Assert.Contains("use unix:/path", Assert.Throws<ArgumentException>(() =>
            AnalogHil.Rpc.Client.RpcChannel.ForAddress(address)).Message, StringComparison.Ordinal);

    [Fact]
    public void MapRpcService_WithoutAddRpc_ThrowsAndNamesIt()
    {
        WebApplication app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddRpc", Assert.Throws<InvalidOperationException>(() => app.MapRpcService<Hosting.EchoService>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MapRpcService_Twice_Throws()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRpc();
        WebApplication app = builder.Build();
        app.MapRpcService<Hosting.EchoService>();

        Assert.Throws<InvalidOperationException>(() => app.MapRpcService<Hosting.EchoService>());
    }

    [Fact]
    public void MapRpcService_NotGenerated_Throws()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRpc();

        Assert.Throws<InvalidOperationException>(() => builder.Build().MapRpcService<ListenTests>());
    }
}
