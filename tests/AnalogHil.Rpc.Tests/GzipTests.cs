using System.Globalization;
using System.Net;
using AnalogHil.Rpc.Client;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using AnalogHil.Rpc.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

public sealed class GzipTests
{
    private const string Method = "/analoghil.test.v1.EchoService/Unary";
    private static readonly string Long = new('x', 10_000);

    [Fact]
    public async Task Unary_GzipInBothDirections_CarriesTheMessage()
    {
        await using TestServer server = await TestServer.StartAsync(
            configure: o => o.GzipFrom = 100, client: new RpcChannelOptions { GzipFrom = 100 });

        Assert.Equal(Long, (await server.Client.UnaryAsync(new EchoRequest { Text = Long })).Text);
        Assert.Equal("short", (await server.Client.UnaryAsync(new EchoRequest { Text = "short" })).Text);
        AsyncDuplexStreamingCall<EchoRequest, EchoResponse> call = server.Client.Duplex();
        foreach (string text in new[] { Long, "short", Long })
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = text });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(text, call.ResponseStream.Current.Text);
        }
    }

    [Theory]
    [InlineData(10_000, "identity, deflate, gzip", 1)]
    [InlineData(10_000, "identity,deflate", 0)]
    [InlineData(10_000, null, 0)]
    [InlineData(50, "gzip", 0)]
    public async Task Unary_ServerWithGzip_CompressesOnlyLongMessagesForWhoReadsThem(int length, string? accepts, byte flag)
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true, configure: o => o.GzipFrom = 100);
        byte[] sent = OutgoingMessage.Serialize(
            new EchoRequest { Text = new string('x', length) }, Marshallers.Create(m => m.ToByteArray(), EchoRequest.Parser.ParseFrom), null).ToArray();

        (byte seen, int bytes) = await RawAsync(server, sent, accepts);

        Assert.Equal(flag, seen);
        Assert.Equal(flag == 1, bytes < 1000 && length > 1000);
    }

    [Theory]
    [InlineData(10_000, 1)]
    [InlineData(99, 0)]
    public void Serialize_WithGzipFrom100_MarksWhatItCompressed(int length, byte flag)
    {
        ReadOnlyMemory<byte> framed = Serialize(new byte[length]);

        Assert.Equal(flag, framed.Span[0]);
        Assert.Equal(framed.Length - OutgoingMessage.PrefixLength, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(framed.Span[1..]));
    }

    [Fact]
    public void Serialize_IncompressibleMessage_StaysPlain()
    {
        byte[] noise = new byte[1000];
        new Random(1).NextBytes(noise);

        ReadOnlyMemory<byte> framed = Serialize(noise);

        Assert.Equal(0, framed.Span[0]);
        Assert.Equal(noise, framed[OutgoingMessage.PrefixLength..].ToArray());
    }

    private static ReadOnlyMemory<byte> Serialize(byte[] payload) =>
        OutgoingMessage.Serialize(payload, Marshallers.Create(bytes => bytes, bytes => bytes), null, gzipFrom: 100);

    private static async Task<(byte Flag, int Bytes)> RawAsync(TestServer server, byte[] body, string? accepts)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address + Method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        if (accepts is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-accept-encoding", accepts);
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        byte[] answer = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")).ToString(CultureInfo.InvariantCulture));
        Assert.Equal(answer[0] == 1 || accepts?.Contains("gzip", StringComparison.Ordinal) == true, response.Headers.Contains("grpc-encoding"));
        return (answer[0], answer.Length);
    }
}
