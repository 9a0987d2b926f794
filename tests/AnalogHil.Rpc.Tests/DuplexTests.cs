using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

public sealed class DuplexTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Duplex_PingPong_EachAnswerBeforeTheNextQuestion(bool tcp)
    {
        await using TestServer server = await TestServer.StartAsync(tcp);
        using AsyncDuplexStreamingCall<EchoRequest, EchoResponse> call = server.Client.Duplex(deadline: DateTime.UtcNow.AddSeconds(60));

        for (int i = 0; i < 50; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal((i, $"{i}"), (call.ResponseStream.Current.Index, call.ResponseStream.Current.Text));
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Duplex_NobodyListens_WriterAndReaderSayUnavailable()
    {
        using RpcChannel channel = RpcChannel.ForAddress("unix:/nonexistent/hil.sock");
        using AsyncDuplexStreamingCall<EchoRequest, EchoResponse> call = new Protos.EchoService.EchoServiceClient(channel).Duplex();

        RpcException write = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new EchoRequest()));
        RpcException read = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), (write.StatusCode, read.StatusCode));
    }
}
