using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Xunit.Abstractions;

namespace AnalogHil.Rpc.Tests;

/// <summary>Very many requests that no correct client sends, each with the code it must get; the server must neither fall nor leak.</summary>
public sealed class MalformedFloodTests(ITestOutputHelper output)
{
    private const int Seed = 20_260_101;
    private const long LargestGrowth = 24L << 20;

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
        var random = new Random(Seed);

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
        var wrong = new ConcurrentQueue<string>();
        var kinds = new ConcurrentDictionary<string, int>();

        // The first part warms caches and pools; what a request leaves behind shows in the rest.
        int warm = count / 5;
        await SendAsync(0, warm);
        long before = Settled();
        await SendAsync(warm, count);
        long growth = Settled() - before;

        output.WriteLine($"seed {Seed}: {count} requests, managed memory grew by {growth / 1024} KiB after the first {warm}");
        output.WriteLine(string.Join(", ", kinds.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key} {k.Value}")));
        Assert.Empty(wrong.Take(10));
        Assert.Equal(count, kinds.Values.Sum());
        Assert.True(growth < LargestGrowth, $"{growth} bytes stayed after {count - warm} requests");
        Assert.Equal("alive", (await server.Client.UnaryAsync(new EchoRequest { Text = "alive" })).Text);

        Task SendAsync(int from, int to) => Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, stop) =>
        {
            MalformedRequest request = MalformedRequest.Draw(new Random(Seed + i));
            kinds.AddOrUpdate(request.Kind, 1, (_, n) => n + 1);
            string answer = await AnswerAsync(http, server.Address, request, stop);
            if (answer != request.Expected)
            {
                wrong.Enqueue($"request {i}, {request.Kind}: {answer} instead of {request.Expected}");
            }
        });
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<string> AnswerAsync(HttpMessageInvoker http, string address, MalformedRequest malformed, CancellationToken stop)
    {
        using HttpRequestMessage request = malformed.Build(address);
        using HttpResponseMessage response = await http.SendAsync(request, stop);
        await response.Content.ReadAsByteArrayAsync(stop);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}");
        }

        string[] codes = [.. new[] { response.Headers, response.TrailingHeaders }
            .SelectMany(headers => headers.TryGetValues("grpc-status", out IEnumerable<string>? values) ? values : [])];
        return codes.Length == 1 ? $"grpc {codes[0]}" : $"{codes.Length} codes";
    }
}
