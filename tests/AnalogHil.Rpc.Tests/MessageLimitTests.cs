using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

public sealed class MessageLimitTests
{
    private static EchoRequest Large(int bytes) => new() { Data = ByteString.CopyFrom(new byte[bytes]) };

    [Fact]
    public async Task Unary_RequestOverServerLimit_IsResourceExhaustedAndNamesBoth()
    {
        await using TestServer server = await TestServer.StartAsync(configure: o => o.MaxReceiveMessageLength = 100_000);

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(Large(3_000_000)).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        Assert.Contains("the limit is 100000", e.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unary_DefaultLimit_IsFourMebibytes()
    {
        await using TestServer server = await TestServer.StartAsync();
        const int Limit = 4 * 1024 * 1024;

        // Tag, length: 1 + 4 bytes before the data.
        await server.Client.UnaryAsync(Large(Limit - 5));
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(Large(Limit - 4)).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }

    [Fact]
    public async Task Unary_ResponseOverServerLimit_IsResourceExhausted()
    {
        await using TestServer server = await TestServer.StartAsync(configure: o => o.MaxSendMessageLength = 1000);

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => server.Client.UnaryAsync(Large(2000)).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }

    [Fact]
    public async Task Unary_OverClientLimits_IsResourceExhausted()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RpcChannel receives = RpcChannel.ForAddress(server.Address, new RpcChannelOptions { MaxReceiveMessageLength = 1000 });
        using RpcChannel sends = RpcChannel.ForAddress(server.Address, new RpcChannelOptions { MaxSendMessageLength = 1000 });

        foreach (RpcChannel channel in new[] { receives, sends })
        {
            RpcException e = await Assert.ThrowsAsync<RpcException>(
                () => new Protos.EchoService.EchoServiceClient(channel).UnaryAsync(Large(2000)).ResponseAsync);
            Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        }
    }
}
