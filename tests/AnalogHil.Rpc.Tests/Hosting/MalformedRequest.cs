using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;

namespace AnalogHil.Rpc.Tests.Hosting;

/// <summary>One damaged request and what it must be answered with: "grpc CODE" or "HTTP STATUS".</summary>
internal sealed record MalformedRequest(string Kind, string Expected, byte[] Body)
{
    private const string Internal = "grpc 13";
    private const string Exhausted = "grpc 8";
    private const string Unimplemented = "grpc 12";
    private const int LargestMessage = 4 * 1024 * 1024;

    public required string Path { get; init; }

    public string Method { get; init; } = "POST";

    public string ContentType { get; init; } = "application/grpc";

    public (string Name, string Value)? Header { get; init; }

    public static MalformedRequest Draw(Random random, MalformedTarget target)
    {
        byte[] plain = Framed(0, target.Message);
        return random.Next(14) switch
        {
            0 => new("half a prefix", Internal, Bytes(random, random.Next(0, 5))) { Path = target.Path },
            1 => new("flag", Internal, Framed((byte)random.Next(2, 256), Bytes(random, random.Next(0, 64)))) { Path = target.Path },
            2 => new("length over the limit", Exhausted,
                Prefixed(random, (uint)random.NextInt64(LargestMessage + 1, 1L + uint.MaxValue))) { Path = target.Path },
            3 => new("length over the body", Internal, Prefixed(random, (uint)random.Next(100, LargestMessage))) { Path = target.Path },
            4 => new("compressed without an encoding", Internal, Framed(1, Bytes(random, random.Next(0, 64)))) { Path = target.Path },
            5 => new("damaged gzip", Internal, Framed(1, DamagedGzip(random))) { Path = target.Path, Header = ("grpc-encoding", "gzip") },
            6 => Payload(random, target),
            7 => new("two messages", Internal, [.. plain, .. plain]) { Path = target.Path },
            8 => new("a message and a part", Internal, [.. plain, .. plain[..random.Next(1, plain.Length)]]) { Path = target.Path },
            9 => new("timeout", Internal, plain) { Path = target.Path, Header = ("grpc-timeout", BadTimeout(random)) },
            10 => new("encoding", Unimplemented, plain) { Path = target.Path, Header = ("grpc-encoding", "x" + Text(random)) },
            11 => new("content type", "HTTP 415", plain)
            {
                Path = target.Path,
                ContentType = random.Next(2) == 0 ? "text/" + Word(random) : "application/grpc" + Word(random),
            },
            12 => target.MessageThatReadsHeaders is { } reads
                ? new("binary header", Internal, Framed(0, reads)) { Path = target.Path, Header = ("x-bin", "!" + Text(random)) }
                : new("no message", Internal, []) { Path = target.Path },
            _ => random.Next(2) == 0
                ? new("path", Unimplemented, plain) { Path = $"/{Word(random)}.{Word(random)}/{Word(random)}" }
                : new("method", "HTTP 405", plain) { Path = target.Path, Method = "PUT" },
        };
    }

    public HttpRequestMessage Build(string address)
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), address + Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Body),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", ContentType);
        if (Header is { } header)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        return request;
    }

    // Whether noise is a message the parser itself says; what matters is that only INTERNAL or OK come back.
    private static MalformedRequest Payload(Random random, MalformedTarget target)
    {
        byte[] payload = Bytes(random, random.Next(1, 40));
        return target.IsMessage(payload)
            ? new("noise that is a message", "grpc 0", Framed(0, payload)) { Path = target.Path }
            : new("noise", Internal, Framed(0, payload)) { Path = target.Path };
    }

    private static byte[] DamagedGzip(Random random)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Bytes(random, 200));
        }

        byte[] bytes = packed.ToArray();
        if (random.Next(2) == 0)
        {
            return bytes[..random.Next(1, bytes.Length)];
        }

        // The first bytes are the format's mark.
        bytes[random.Next(2)] ^= (byte)random.Next(1, 256);
        return bytes;
    }

    private static string BadTimeout(Random random) => random.Next(5) switch
    {
        0 => $"{random.Next(1, 99)}",
        1 => $"-{random.Next(1, 99)}S",
        2 => $"{random.NextInt64(100_000_000, 10_000_000_000)}m",
        3 => $"{random.Next(1, 99)}{"hsMx %"[random.Next(2)]}",
        _ => "S" + Word(random),
    };

    private static byte[] Prefixed(Random random, uint length)
    {
        byte[] body = [(byte)random.Next(2), 0, 0, 0, 0, .. Bytes(random, random.Next(0, 64))];
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(1), length);
        return body;
    }

    private static byte[] Framed(byte flag, byte[] payload) =>
        [flag, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, .. payload];

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Word(Random random) => new([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)random.Next('a', 'z' + 1))]);

    private static string Text(Random random) => new([.. Enumerable.Range(0, random.Next(0, 40)).Select(_ => (char)random.Next('!', '+'))]);
}
