using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

public sealed class StatusTests
{
    [Theory]
    [InlineData("K = 12 needs 36 tiles, 100 % of 32")]
    [InlineData("σ_w ≤ 5 µV\nsecond line\t%zz %41")]
    [InlineData("日本語 😀")]
    [InlineData("")]
    public async Task Unary_HandlerThrowsRpcException_ClientSeesCodeTextAndTrailers(string text)
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest { Text = $"status:{text}" }).ResponseAsync);

        Assert.Equal(new Status(StatusCode.FailedPrecondition, text), e.Status);
        Assert.Equal("because", e.Trailers.GetValue("why"));
        Assert.Equal([0, 255, 128], e.Trailers.GetValueBytes("raw-bin")!);
    }

    [Fact]
    public async Task Unary_HandlerThrowsOther_IsUnknownAndKeepsTheTextInside()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest { Text = "throw" }).ResponseAsync);

        Assert.Equal(StatusCode.Unknown, e.StatusCode);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_HandlerSetsStatus_ClientSeesIt()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest { Text = "set" }).ResponseAsync);

        Assert.Equal(new Status(StatusCode.Aborted, "set by the handler"), e.Status);
    }

    [Fact]
    public async Task Unary_HandlerReturnsNull_IsUnknown()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(new EchoRequest { Text = "null" }).ResponseAsync);

        Assert.Equal(StatusCode.Unknown, e.StatusCode);
    }

    [Fact]
    public async Task Unary_MethodNotImplemented_IsUnimplemented()
    {
        await using TestServer server = await TestServer.StartAsync();

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.MissingAsync(new EchoRequest()).ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, e.StatusCode);
    }

    [Theory]
    [InlineData("analoghil.test.v1.EchoService", "Nothing", "has no method Nothing")]
    [InlineData("analoghil.test.v1.Nobody", "Unary", "no service analoghil.test.v1.Nobody")]
    public async Task Unary_UnknownName_IsUnimplementedAndNamesIt(string service, string name, string expected)
    {
        await using TestServer server = await TestServer.StartAsync();
        var method = new Method<string, string>(MethodType.Unary, service, name, Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(), "").ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, e.StatusCode);
        Assert.Contains(expected, e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_Metadata_TravelsBothWays()
    {
        await using TestServer server = await TestServer.StartAsync();
        var headers = new Metadata { { "Lease-Epoch", "17" }, { "key-bin", [0, 1, 254, 255] }, { "two-bin", [1] }, { "two-bin", [2, 3] } };
        using AsyncUnaryCall<EchoResponse> call = server.Client.UnaryAsync(new EchoRequest { Text = "headers" }, headers);

        Metadata back = await call.ResponseHeadersAsync;
        await call;

        foreach (Metadata seen in new[] { back, call.GetTrailers() })
        {
            Assert.Equal("17", seen.GetValue("lease-epoch"));
            Assert.Equal([0, 1, 254, 255], seen.GetValueBytes("key-bin")!);
            Assert.Equal([[1], [2, 3]], seen.GetAll("two-bin").Select(e => e.ValueBytes));
        }
    }

    [Fact]
    public async Task Unary_HeadersWrittenEarly_ArriveWhileTheHandlerRuns()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncUnaryCall<EchoResponse> call = server.Client.UnaryAsync(new EchoRequest { Text = "early" });

        Metadata headers = await call.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("begun", headers.GetValue("stage"));
        Assert.False(call.ResponseAsync.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        server.Echo.Ignore.SetResult();
        Assert.Equal("early", (await call).Text);
    }
}
