using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

public sealed class UnaryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unary_OverSocketOrTcp_Echoes(bool tcp)
    {
        await using TestServer server = await TestServer.StartAsync(tcp);

        EchoResponse reply = await server.Client.UnaryAsync(new EchoRequest { Text = "tile µ" }, deadline: DateTime.UtcNow.AddSeconds(60));

        Assert.Equal("tile µ", reply.Text);
        Assert.Equal("/analoghil.test.v1.EchoService/Unary", server.Echo.LastMethod);
        Assert.StartsWith(tcp ? "ipv4:127.0.0.1:" : "unix:/", server.Echo.LastPeer!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_Blocking_Echoes()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal("x", server.Client.Unary(new EchoRequest { Text = "x" }).Text);
    }

    [Fact]
    public async Task Unary_OneMebibyte_Echoes()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] data = new byte[1024 * 1024];
        new Random(1).NextBytes(data);

        EchoResponse reply = await server.Client.UnaryAsync(new EchoRequest { Data = ByteString.CopyFrom(data) });

        Assert.Equal(data, reply.Data.ToByteArray());
    }

    [Fact]
    public async Task Unary_ManyAtOnce_EachGetsItsOwn()
    {
        await using TestServer server = await TestServer.StartAsync();

        EchoResponse[] replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            server.Client.UnaryAsync(new EchoRequest { Text = $"{i}" }).ResponseAsync));

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), replies.Select(r => r.Text));
    }

    [Fact]
    public async Task Unary_Ended_TellsStatusOk()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncUnaryCall<EchoResponse> call = server.Client.UnaryAsync(new EchoRequest());

        await call;

        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
    }

    [Fact]
    public async Task Unary_NobodyListens_IsUnavailableAndNamesTheAddress()
    {
        using RpcChannel channel = RpcChannel.ForAddress("unix:/nonexistent/hil.sock");
        var client = new Protos.EchoService.EchoServiceClient(channel);

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => client.UnaryAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        Assert.Contains("unix:/nonexistent/hil.sock", e.Status.Detail, StringComparison.Ordinal);
    }
}
