using System.Diagnostics;
using System.Globalization;
using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Protos;
using Grpc.Core;
using Xunit.Abstractions;

namespace AnalogHil.Rpc.Tests.Foreign;

/// <summary>The client against a server of gRPC's C core.</summary>
public sealed class GrpcioServerTests(ITestOutputHelper output)
{
    private static DateTime Soon => DateTime.UtcNow.AddSeconds(60);

    [Fact]
    public async Task Client_EveryKindOfCallToGrpcio_Works()
    {
        if (!await GrpcioProcess.IsInstalledAsync())
        {
            output.WriteLine(GrpcioProcess.NotRun);
            return;
        }

        using Process process = GrpcioProcess.Start(GrpcioProcess.Script("echo_server.py"));
        try
        {
            string? port = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
            using RpcChannel channel = RpcChannel.ForAddress($"http://127.0.0.1:{port}");
            var client = new EchoService.EchoServiceClient(channel);

            Assert.Equal("tile µ", (await client.UnaryAsync(new EchoRequest { Text = "tile µ" }, deadline: Soon)).Text);
            await StatusAndTrailers(client);
            await Metadata(client);
            await Deadline(client);
            await Streams(client);
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task StatusAndTrailers(EchoService.EchoServiceClient client)
    {
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => client.UnaryAsync(new EchoRequest { Text = "status" }, deadline: Soon).ResponseAsync);
        Assert.Equal(new Status(StatusCode.FailedPrecondition, "σ ≤ 5 %"), e.Status);
        Assert.Equal("because", e.Trailers.GetValue("why"));
        Assert.Equal([0, 255, 128], e.Trailers.GetValueBytes("raw-bin")!);

        RpcException missing = await Assert.ThrowsAsync<RpcException>(() => client.MissingAsync(new EchoRequest(), deadline: Soon).ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, missing.StatusCode);
    }

    private static async Task Metadata(EchoService.EchoServiceClient client)
    {
        using AsyncUnaryCall<EchoResponse> call = client.UnaryAsync(
            new EchoRequest { Text = "headers" }, new Metadata { { "lease-epoch", "17" }, { "key-bin", [0, 254] } }, Soon);
        Metadata headers = await call.ResponseHeadersAsync;
        await call;
        foreach (Metadata seen in new[] { headers, call.GetTrailers() })
        {
            Assert.Equal("17", seen.GetValue("lease-epoch"));
            Assert.Equal([0, 254], seen.GetValueBytes("key-bin")!);
        }
    }

    private static async Task Deadline(EchoService.EchoServiceClient client)
    {
        using AsyncUnaryCall<EchoResponse> call = client.UnaryAsync(new EchoRequest { Text = "deadline" }, deadline: DateTime.UtcNow.AddSeconds(1000));
        await call;
        Assert.InRange(double.Parse(call.GetTrailers().GetValue("left")!, CultureInfo.InvariantCulture), 900, 1000);
    }

    private static async Task Streams(EchoService.EchoServiceClient client)
    {
        using AsyncServerStreamingCall<EchoResponse> responses = client.ServerStream(new EchoRequest { Text = "k" }, deadline: Soon);
        Assert.Equal(100, await responses.ResponseStream.ReadAllAsync().CountAsync());

        using AsyncClientStreamingCall<EchoRequest, EchoResponse> requests = client.ClientStream(deadline: Soon);
        using AsyncDuplexStreamingCall<EchoRequest, EchoResponse> both = client.Duplex(deadline: Soon);
        for (int i = 0; i < 20; i++)
        {
            await requests.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" });
            await both.RequestStream.WriteAsync(new EchoRequest { Text = $"{i}" });
            Assert.True(await both.ResponseStream.MoveNext());
            Assert.Equal($"{i}", both.ResponseStream.Current.Text);
        }

        await requests.RequestStream.CompleteAsync();
        await both.RequestStream.CompleteAsync();
        Assert.Equal("20", (await requests).Text);
        Assert.False(await both.ResponseStream.MoveNext());
    }
}
