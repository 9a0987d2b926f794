using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

/// <summary>A server that stops: what it has begun ends well, what comes later goes elsewhere.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_WithACallUnderWay_EndsItWithItsOwnReplyAndRefusesNewOnes(bool tcp)
    {
        await using TestServer server = await TestServer.StartAsync(tcp);
        using RpcChannel later = RpcChannel.ForAddress(server.Address);
        AsyncUnaryCall<EchoResponse> underWay = server.Client.UnaryAsync(new EchoRequest { Text = "ignore" });
        await server.Echo.Begun.Task.WaitAsync(Limit);
        using var limit = new CancellationTokenSource(Limit);

        Task stopped = server.StopAsync(limit.Token);
        RpcException e = await RefusedAsync(later);
        Assert.False(underWay.ResponseAsync.IsCompleted);
        server.Echo.Ignore.TrySetResult();

        Assert.Equal("ignore", (await underWay.ResponseAsync.WaitAsync(Limit)).Text);
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        await stopped.WaitAsync(Limit);
        Assert.False(limit.IsCancellationRequested);
    }

    [Fact]
    public async Task Stop_PastItsLimit_CutsTheStragglerWithUnavailable()
    {
        await using TestServer server = await TestServer.StartAsync();
        AsyncUnaryCall<EchoResponse> straggler = server.Client.UnaryAsync(new EchoRequest { Text = "ignore" });
        await server.Echo.Begun.Task.WaitAsync(Limit);
        using var limit = new CancellationTokenSource();

        Task stopped = server.StopAsync(limit.Token);
        await limit.CancelAsync();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => straggler.ResponseAsync.WaitAsync(Limit))).StatusCode);
        server.Echo.Ignore.TrySetResult();
        await stopped.WaitAsync(Limit);
    }

    // The listener closes in the first moments of the stop; a call before that is still served.
    private static async Task<RpcException> RefusedAsync(RpcChannel channel)
    {
        var client = new Protos.EchoService.EchoServiceClient(channel);
        DateTime end = DateTime.UtcNow + Limit;
        while (true)
        {
            try
            {
                await client.UnaryAsync(new EchoRequest { Text = "later" }, deadline: end);
            }
            catch (RpcException e)
            {
                return e;
            }
        }
    }
}
