using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

public sealed class ClientStreamTests
{
    private static DateTime Soon => DateTime.UtcNow.AddSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientStream_MoreThanKestrelsBodyLimit_AllArrives(bool tcp)
    {
        await using TestServer server = await TestServer.StartAsync(tcp);
        using AsyncClientStreamingCall<EchoRequest, EchoResponse> call = server.Client.ClientStream(deadline: Soon);
        var chunk = new EchoRequest { Data = ByteString.CopyFrom(new byte[64 * 1024]) };

        for (int i = 0; i < 512; i++)
        {
            await call.RequestStream.WriteAsync(chunk);
        }

        await call.RequestStream.CompleteAsync();
        EchoResponse reply = await call;

        Assert.Equal((512, "33554432 bytes"), (reply.Index, reply.Text));
    }

    [Fact]
    public async Task ClientStream_Nothing_Ends()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncClientStreamingCall<EchoRequest, EchoResponse> call = server.Client.ClientStream(deadline: Soon);

        await call.RequestStream.CompleteAsync();

        Assert.Equal(0, (await call).Index);
    }

    [Fact]
    public async Task ClientStream_ServerEndsEarly_WriterAndResponseSeeItsStatus()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncClientStreamingCall<EchoRequest, EchoResponse> call = server.Client.ClientStream(deadline: Soon);

        // The server may end before the write it ends at has returned; that write may then see the status already.
        Exception? last = await Record.ExceptionAsync(() => call.RequestStream.WriteAsync(new EchoRequest { Text = "stop" }));
        RpcException response = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        RpcException write = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new EchoRequest()));

        Assert.Equal(new Status(StatusCode.OutOfRange, "enough"), response.Status);
        Assert.Equal(response.Status, write.Status);
        Assert.True(last is null || last is RpcException early && early.Status == response.Status, last?.ToString());
    }

    [Fact]
    public async Task ClientStream_WriteAfterComplete_Throws()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncClientStreamingCall<EchoRequest, EchoResponse> call = server.Client.ClientStream(deadline: Soon);
        await call.RequestStream.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest()));
    }
}
