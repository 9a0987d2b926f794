using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;

namespace AnalogHil.Rpc.Wire;

/// <summary>Message encodings: identity and gzip, in both directions.</summary>
internal static class Compression
{
    /// <summary>Name of the encoding that this side writes besides identity.</summary>
    public const string Gzip = "gzip";

    private const string Identity = "identity";

    // Header of 10 bytes, an empty block of 2, checksum and length of 4 each.
    private const int ShortestGzip = 20;

    /// <summary>Whether messages in this encoding can be read; null means identity.</summary>
    public static bool IsKnown(string? encoding) => encoding is null or Identity or Gzip;

    /// <summary>Whether a peer that sends this grpc-accept-encoding reads gzip.</summary>
    public static bool IsAccepted(string? acceptEncoding) =>
        acceptEncoding is not null && acceptEncoding.Split(',', StringSplitOptions.TrimEntries).Contains(Gzip, StringComparer.Ordinal);

    /// <summary>Packs one message, after room for its prefix.</summary>
    public static Memory<byte> Pack(ReadOnlySpan<byte> payload)
    {
        var packed = new MemoryStream();
        packed.Write(stackalloc byte[OutgoingMessage.PrefixLength]);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(payload);
        }

        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }

    /// <summary>Expands one message; never holds more than the limit, whatever the sender claims.</summary>
    /// <exception cref="RpcException">INTERNAL: no encoding named, or damaged; RESOURCE_EXHAUSTED: too large once expanded.</exception>
    public static ReadOnlySequence<byte> Expand(ReadOnlySequence<byte> payload, string? encoding, int? maxLength)
    {
        if (encoding != Gzip)
        {
            throw new RpcException(new Status(
                StatusCode.Internal, $"A message is marked as compressed, but {HeaderNames.Encoding} is '{encoding ?? Identity}'; name gzip or send it "
                    + "plain."));
        }

        int limit = maxLength ?? int.MaxValue;
        var expanded = new ArrayBufferWriter<byte>();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(payload.ToArray()), CompressionMode.Decompress);
            while (gzip.Read(expanded.GetSpan(4096)) is > 0 and int count)
            {
                expanded.Advance(count);
                if (expanded.WrittenCount > limit)
                {
                    throw new RpcException(new Status(
                        StatusCode.ResourceExhausted, $"Received message expands to more than the limit of {limit} bytes; send it in chunks."));
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, "A compressed message is not valid gzip.", e));
        }

        // GZipStream takes an early end of its input for the end of the data: only the length in the last four bytes tells (RFC 1952).
        if (payload.Length < ShortestGzip || LengthInTrailer(payload) != (uint)expanded.WrittenCount)
        {
            throw new RpcException(new Status(
                StatusCode.Internal, $"A compressed message of {payload.Length} bytes is cut short or has bytes after its end; send one gzip member."));
        }

        return new ReadOnlySequence<byte>(expanded.WrittenMemory);
    }

    private static uint LengthInTrailer(ReadOnlySequence<byte> gzip)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        gzip.Slice(gzip.Length - sizeof(uint)).CopyTo(length);
        return BinaryPrimitives.ReadUInt32LittleEndian(length);
    }
}
