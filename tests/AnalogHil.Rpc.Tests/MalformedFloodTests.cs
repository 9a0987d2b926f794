using System.Net;
using System.Net.Sockets;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Xunit.Abstractions;

namespace AnalogHil.Rpc.Tests;

/// <summary>Very many requests that no correct client sends, each with the code it must get; the server must neither fall nor leak.</summary>
public sealed class MalformedFloodTests(ITestOutputHelper output)
{
    [Fact]
    public Task Server_FiveThousandMalformedRequests_AnswersEachWithItsCode() => FloodAsync(5_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Server_HundredThousandMalformedRequests_AnswersEachWithItsCode() => FloodAsync(100_000);

    [Fact]
    public async Task Server_FramesOfNoise_LivesOn()
    {
        const int Connections = 300;
        await using TestServer server = await TestServer.StartAsync(tcp: true);
        int port = new Uri(server.Address).Port;
        byte[] preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];
        var random = new Random(MalformedFlood.Seed);

        for (int i = 0; i < Connections; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            byte[] noise = new byte[random.Next(1, 200)];
            random.NextBytes(noise);
            if (random.Next(2) == 0 && noise.Length > 9)
            {
                // A frame that begins like a real one: its length, a type from DATA to CONTINUATION, the first stream.
                (noise[0], noise[1], noise[2], noise[3]) = (0, 0, (byte)(noise.Length - 9), (byte)random.Next(10));
                (noise[5], noise[6], noise[7], noise[8]) = (0, 0, 0, (byte)random.Next(2));
            }

            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(random.Next(4) == 0 ? noise : [.. preface, .. noise]);
        }

        Assert.Equal("alive", (await server.Client.UnaryAsync(new EchoRequest { Text = "alive" })).Text);
    }

    private async Task FloodAsync(int count)
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });
        var target = MalformedTarget.Of(
            "/analoghil.test.v1.EchoService/Unary", new EchoRequest { Text = "tile" }, new EchoRequest { Text = "headers" }, EchoRequest.Parser);

        await MalformedFlood.RunAsync(http, server.Address, target, count, output);

        Assert.Equal("alive", (await server.Client.UnaryAsync(new EchoRequest { Text = "alive" })).Text);
    }
}
