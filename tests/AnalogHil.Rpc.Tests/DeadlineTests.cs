using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AnalogHil.Rpc.Tests;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Unary_HandlerTooSlow_EndsWithDeadlineExceededAndCancelsTheHandler()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RpcChannel channel = RpcChannel.ForAddress(server.Address, new RpcChannelOptions { TimeProvider = _time });
        using AsyncUnaryCall<EchoResponse> call = new Protos.EchoService.EchoServiceClient(channel).UnaryAsync(
            new EchoRequest { Text = "wait" }, deadline: _time.Now.AddSeconds(60));
        await server.Echo.Begun.Task.WaitAsync(Limit);

        _time.Advance(TimeSpan.FromSeconds(61));

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        await server.Echo.Cancelled.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task Unary_GrpcTimeout_EndsTheHandlerOnTheServersClock()
    {
        await using TestServer server = await TestServer.StartAsync(services: s => s.AddSingleton<TimeProvider>(_time));
        using AsyncUnaryCall<EchoResponse> call = server.Client.UnaryAsync(new EchoRequest { Text = "wait" }, deadline: DateTime.UtcNow.AddHours(1));
        await server.Echo.Begun.Task.WaitAsync(Limit);

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(server.Echo.Cancelled.Task.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(2));

        await server.Echo.Cancelled.Task.WaitAsync(Limit);
        Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    [Fact]
    public async Task Unary_DeadlinePassed_IsNotSent()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => server.Client.UnaryAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddSeconds(-1)).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.False(server.Echo.Begun.Task.IsCompleted);
    }

    [Fact]
    public async Task Unary_ServerLimit_EndsACallWithoutDeadline()
    {
        await using TestServer server = await TestServer.StartAsync(configure: o => o.MaxCallDuration = TimeSpan.FromMilliseconds(200));

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest { Text = "wait" }).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.Contains("0.2 s", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnaryLimit_CallsWithoutDeadline_EndsThoseWithoutAStreamOnly()
    {
        await using TestServer server = await TestServer.StartAsync(configure: o => o.MaxUnaryDuration = TimeSpan.FromMilliseconds(200));
        using AsyncServerStreamingCall<EchoResponse> stream = server.Client.ServerStream(new EchoRequest { Text = "wait", Count = 1 });
        Assert.True(await stream.ResponseStream.MoveNext());

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest { Text = "wait" }).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.False(stream.ResponseStream.MoveNext().IsCompleted);
    }

    [Fact]
    public async Task Unary_HandlerIgnoresItsToken_ClientHearsOfTheServerLimitAllTheSame()
    {
        await using TestServer server = await TestServer.StartAsync(configure: o => o.MaxCallDuration = TimeSpan.FromMilliseconds(200));

        RpcException e = await Assert.ThrowsAsync<RpcException>(() =>
            server.Client.UnaryAsync(new EchoRequest { Text = "ignore" }).ResponseAsync.WaitAsync(Limit));

        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.False(server.Echo.Ignore.Task.IsCompleted);
    }

    [Fact]
    public async Task ServerStream_Deadline_EndsTheStream()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RpcChannel channel = RpcChannel.ForAddress(server.Address, new RpcChannelOptions { TimeProvider = _time });
        using AsyncServerStreamingCall<EchoResponse> call = new Protos.EchoService.EchoServiceClient(channel).ServerStream(
            new EchoRequest { Text = "wait", Count = 1 }, deadline: _time.Now.AddSeconds(60));
        Assert.True(await call.ResponseStream.MoveNext());

        _time.Advance(TimeSpan.FromSeconds(61));

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        await server.Echo.Cancelled.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task ServerStream_StalledClientPastServerLimit_StreamIsFreed()
    {
        await using TestServer server = await TestServer.StartAsync(configure: o =>
        {
            o.MaxCallDuration = TimeSpan.FromSeconds(2);
            o.CompletionGrace = TimeSpan.FromMilliseconds(100);
        });
        var request = new EchoRequest { Count = 10_000, Data = Google.Protobuf.ByteString.CopyFrom(new byte[64 * 1024]) };
        using AsyncServerStreamingCall<EchoResponse> call = server.Client.ServerStream(request);

        await server.Echo.Cancelled.Task.WaitAsync(Limit);
        RpcException e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
            }
        });

        // A full pipe has no room for trailers, so the stream may be reset instead.
        Assert.True(e.StatusCode is StatusCode.DeadlineExceeded or StatusCode.Cancelled, e.ToString());
    }

    [Fact]
    public async Task Unary_LocalTime_IsTakenAsInstant()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.Equal("x", (await server.Client.UnaryAsync(new EchoRequest { Text = "x" }, deadline: DateTime.Now.AddSeconds(60))).Text);
    }
}
