using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

public sealed class DeadlineTests
{
    [Fact]
    public async Task Unary_HandlerTooSlow_EndsWithDeadlineExceededAndCancelsTheHandler()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => server.Client.UnaryAsync(new EchoRequest { Text = "wait" }, deadline: DateTime.UtcNow.AddMilliseconds(300)).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        await server.Echo.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
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
    public async Task Unary_HandlerIgnoresItsToken_ClientHearsOfTheServerLimitAllTheSame()
    {
        await using TestServer server = await TestServer.StartAsync(configure: o => o.MaxCallDuration = TimeSpan.FromMilliseconds(200));

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest { Text = "ignore" }).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.False(server.Echo.Ignore.Task.IsCompleted);
    }

    [Fact]
    public async Task ServerStream_Deadline_EndsTheStream()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncServerStreamingCall<EchoResponse> call =
            server.Client.ServerStream(new EchoRequest { Text = "wait", Count = 1 }, deadline: DateTime.UtcNow.AddMilliseconds(500));

        RpcException e = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
            }
        });

        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        await server.Echo.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task ServerStream_StalledClientPastServerLimit_StreamIsFreed()
    {
        await using TestServer server = await TestServer.StartAsync(configure: o =>
        {
            o.MaxCallDuration = TimeSpan.FromMilliseconds(300);
            o.CompletionGrace = TimeSpan.FromMilliseconds(100);
        });
        var request = new EchoRequest { Count = 10_000, Data = Google.Protobuf.ByteString.CopyFrom(new byte[64 * 1024]) };
        using AsyncServerStreamingCall<EchoResponse> call = server.Client.ServerStream(request);

        await server.Echo.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
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

        Assert.Equal("x", (await server.Client.UnaryAsync(new EchoRequest { Text = "x" }, deadline: DateTime.Now.AddSeconds(20))).Text);
    }
}
