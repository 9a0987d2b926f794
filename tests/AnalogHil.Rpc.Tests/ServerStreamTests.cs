using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

public sealed class ServerStreamTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ServerStream_ManyMessages_ArriveInOrder(bool tcp)
    {
        await using TestServer server = await TestServer.StartAsync(tcp);
        using AsyncServerStreamingCall<EchoResponse> call = server.Client.ServerStream(new EchoRequest { Text = "k", Count = 500 });

        var indices = new List<int>();
        await foreach (EchoResponse reply in call.ResponseStream.ReadAllAsync())
        {
            indices.Add(reply.Index);
        }

        Assert.Equal(Enumerable.Range(0, 500), indices);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ServerStream_NoMessage_EndsAtOnce()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncServerStreamingCall<EchoResponse> call = server.Client.ServerStream(new EchoRequest());

        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task ServerStream_ErrorAfterMessages_GivesMessagesThenStatusAndTrailers()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncServerStreamingCall<EchoResponse> call = server.Client.ServerStream(new EchoRequest { Text = "fail", Count = 2 });

        Assert.True(await call.ResponseStream.MoveNext());
        Assert.True(await call.ResponseStream.MoveNext());
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal(new Status(StatusCode.DataLoss, "after the last"), e.Status);
        Assert.Equal("because", e.Trailers.GetValue("why"));
    }

    [Fact]
    public async Task ServerStream_SlowReader_SlowsTheWriter()
    {
        await using TestServer server = await TestServer.StartAsync();
        const int Count = 400;
        var request = new EchoRequest { Count = Count, Data = ByteString.CopyFrom(new byte[64 * 1024]) };
        using AsyncServerStreamingCall<EchoResponse> call = server.Client.ServerStream(request);
        Assert.True(await call.ResponseStream.MoveNext());

        // The writer has come to rest when other calls on the same connection pass and it has not moved.
        int written = -1;
        for (int round = 0; round < 100 && written != server.Echo.Written; round++)
        {
            written = server.Echo.Written;
            for (int i = 0; i < 20; i++)
            {
                await server.Client.UnaryAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddSeconds(60));
            }
        }

        Assert.True(server.Echo.Written < Count, $"the server has written {server.Echo.Written} of {Count} messages, of which one was read");

        int read = 1;
        await foreach (EchoResponse reply in call.ResponseStream.ReadAllAsync())
        {
            Assert.Equal(read++, reply.Index);
        }

        Assert.Equal(Count, read);
    }
}
