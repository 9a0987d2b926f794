using System.Globalization;
using System.IO.Compression;
using System.Net;
using AnalogHil.Rpc.Tests.Hosting;
using AnalogHil.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Rpc.Tests;

/// <summary>Requests that no correct client sends, over plain HTTP/2.</summary>
public sealed class MalformedRequestTests
{
    private const string Unary = "/analoghil.test.v1.EchoService/Unary";

    public static TheoryData<string, byte[]> BadBodies => new()
    {
        { "no message", [] },
        { "half a prefix", [0, 0, 0] },
        { "shorter than its length", [0, 0, 0, 0, 9, 1] },
        { "flag 2", [2, 0, 0, 0, 0] },
        { "compressed without an encoding", [1, 0, 0, 0, 0] },
        { "two messages", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "not protobuf", [0, 0, 0, 0, 2, 0xFF, 0xFF] },
        { "trailing bytes", [0, 0, 0, 0, 0, 7] },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Unary_BadBody_IsInternalAndTheServerLivesOn(string what, byte[] body)
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true);

        Assert.True(await StatusOf(server, body) == StatusCode.Internal, what);

        Assert.Equal("alive", (await server.Client.UnaryAsync(new EchoRequest { Text = "alive" })).Text);
    }

    [Fact]
    public async Task Unary_LengthOfFourGigabytes_IsResourceExhaustedAtOnce()
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true);

        Assert.Equal(StatusCode.ResourceExhausted, await StatusOf(server, [0, 0xFF, 0xFF, 0xFF, 0xFF, 0]));
    }

    [Theory]
    [InlineData("grpc-timeout", "1", StatusCode.Internal)]
    [InlineData("grpc-timeout", "-1S", StatusCode.Internal)]
    [InlineData("grpc-timeout", "123456789S", StatusCode.Internal)]
    [InlineData("grpc-timeout", "5x", StatusCode.Internal)]
    [InlineData("grpc-timeout", "99999999H", StatusCode.OK)]
    [InlineData("grpc-timeout", "0n", StatusCode.DeadlineExceeded)]
    [InlineData("grpc-encoding", "brotli", StatusCode.Unimplemented)]
    [InlineData("grpc-encoding", "identity", StatusCode.OK)]
    public async Task Unary_OddHeader_GetsItsCode(string name, string value, StatusCode expected)
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true);

        Assert.Equal(expected, await StatusOf(server, [0, 0, 0, 0, 0], request => request.Headers.TryAddWithoutValidation(name, value)));
    }

    [Fact]
    public async Task Unary_UnknownEncoding_AnswerNamesTheKnownOnes()
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true);

        using HttpResponseMessage response = await Send(
            server, [0, 0, 0, 0, 0], request => request.Headers.TryAddWithoutValidation("grpc-encoding", "brotli"));

        Assert.Equal("identity,gzip", Assert.Single(response.Headers.GetValues("grpc-accept-encoding")));
    }

    [Fact]
    public async Task Unary_Gzip_IsRead()
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true);
        byte[] packed = Gzip(new EchoRequest { Text = new string('x', 1000) }.ToByteArray());

        Assert.Equal(StatusCode.OK, await StatusOf(server, packed, request => request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip")));
    }

    [Fact]
    public async Task Unary_GzipBomb_IsResourceExhausted()
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true, configure: o => o.MaxReceiveMessageLength = 100_000);
        byte[] packed = Gzip(new byte[10_000_000]);
        Assert.True(packed.Length < 100_000);

        Assert.Equal(
            StatusCode.ResourceExhausted, await StatusOf(server, packed, request => request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip")));
    }

    [Fact]
    public async Task Unary_DamagedGzip_IsInternal()
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true);

        Assert.Equal(
            StatusCode.Internal, await StatusOf(server, [1, 0, 0, 0, 3, 1, 2, 3], request => request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip")));
    }

    [Theory]
    [InlineData("text/plain", "POST", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/grpc+json", "POST", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/grpcx", "POST", HttpStatusCode.UnsupportedMediaType)]
    public async Task Unary_OtherContentType_IsRefusedByHttp(string contentType, string method, HttpStatusCode expected)
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true);

        using HttpResponseMessage response = await Send(server, [0, 0, 0, 0, 0], request =>
        {
            request.Method = new HttpMethod(method);
            request.Content!.Headers.ContentType = new(contentType);
        });

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Unary_BinaryHeaderNotBase64_IsNotACrash()
    {
        await using TestServer server = await TestServer.StartAsync(tcp: true);
        byte[] body = Framed(0, new EchoRequest { Text = "headers" }.ToByteArray());

        Assert.Equal(StatusCode.Internal, await StatusOf(server, body, request => request.Headers.TryAddWithoutValidation("x-bin", "a")));
        Assert.Equal("alive", (await server.Client.UnaryAsync(new EchoRequest { Text = "alive" })).Text);
    }

    private static byte[] Framed(byte flag, byte[] payload) =>
        [flag, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, .. payload];

    private static byte[] Gzip(byte[] payload)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(payload);
        }

        return Framed(1, packed.ToArray());
    }

    private static async Task<StatusCode> StatusOf(TestServer server, byte[] body, Action<HttpRequestMessage>? change = null)
    {
        using HttpResponseMessage response = await Send(server, body, change);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsByteArrayAsync();
        IEnumerable<string> values = response.Headers.TryGetValues("grpc-status", out IEnumerable<string>? early)
            ? early
            : response.TrailingHeaders.GetValues("grpc-status");
        return (StatusCode)int.Parse(Assert.Single(values), CultureInfo.InvariantCulture);
    }

    private static async Task<HttpResponseMessage> Send(TestServer server, byte[] body, Action<HttpRequestMessage>? change)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address + Unary)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        change?.Invoke(request);
        return await http.SendAsync(request);
    }
}
