using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

public sealed class CancellationTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Unary_CancelledOnceBegun_CancelsTheHandler()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var cancel = new CancellationTokenSource();
        AsyncUnaryCall<EchoResponse> call = server.Client.UnaryAsync(new EchoRequest { Text = "wait" }, cancellationToken: cancel.Token);
        await server.Echo.Begun.Task.WaitAsync(Limit);

        await cancel.CancelAsync();

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
        await server.Echo.Cancelled.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task ServerStream_CancelledAfterFirstResponseWithoutReading_CancelsTheHandler()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var cancel = new CancellationTokenSource();
        using AsyncServerStreamingCall<EchoResponse> call =
            server.Client.ServerStream(new EchoRequest { Text = "wait", Count = 1 }, cancellationToken: cancel.Token);
        Assert.True(await call.ResponseStream.MoveNext());

        await cancel.CancelAsync();

        await server.Echo.Cancelled.Task.WaitAsync(Limit);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ServerStream_DisposedAfterFirstResponse_CancelsTheHandler()
    {
        await using TestServer server = await TestServer.StartAsync();
        AsyncServerStreamingCall<EchoResponse> call = server.Client.ServerStream(new EchoRequest { Text = "wait", Count = 1 });
        Assert.True(await call.ResponseStream.MoveNext());

        call.Dispose();

        await server.Echo.Cancelled.Task.WaitAsync(Limit);
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
    }

    [Fact]
    public async Task ServerStream_ReadTokenCancelled_CancelsTheCall()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var cancel = new CancellationTokenSource();
        using AsyncServerStreamingCall<EchoResponse> call = server.Client.ServerStream(new EchoRequest { Text = "wait", Count = 1 });
        Assert.True(await call.ResponseStream.MoveNext());
        Task<bool> next = call.ResponseStream.MoveNext(cancel.Token);

        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => next)).StatusCode);
        await server.Echo.Cancelled.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task ServerStream_StalledWriter_IsFreedWhenTheClientLeaves()
    {
        await using TestServer server = await TestServer.StartAsync();
        var request = new EchoRequest { Count = 10_000, Data = Google.Protobuf.ByteString.CopyFrom(new byte[64 * 1024]) };
        AsyncServerStreamingCall<EchoResponse> call = server.Client.ServerStream(request);
        Assert.True(await call.ResponseStream.MoveNext());

        call.Dispose();

        await server.Echo.Cancelled.Task.WaitAsync(Limit);
        Assert.True(server.Echo.Written < 10_000);
    }

    [Fact]
    public async Task Unary_ChannelDisposed_IsCancelled()
    {
        await using TestServer server = await TestServer.StartAsync();
        RpcChannel channel = RpcChannel.ForAddress(server.Address);
        AsyncUnaryCall<EchoResponse> call = new Protos.EchoService.EchoServiceClient(channel).UnaryAsync(new EchoRequest { Text = "wait" });
        await server.Echo.Begun.Task.WaitAsync(Limit);

        channel.Dispose();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        await server.Echo.Cancelled.Task.WaitAsync(Limit);
    }
}
