using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;

namespace AnalogHil.Rpc.Wire;

/// <summary>Reads length-prefixed messages; holds at most one message of the largest size.</summary>
/// <param name="pipe">The body.</param>
/// <param name="marshaller">Bytes of the messages.</param>
/// <param name="maxLength">Largest message, bytes; null: no limit.</param>
/// <param name="encoding">The peer's grpc-encoding; null: identity.</param>
internal sealed class MessageReader<T>(PipeReader pipe, Marshaller<T> marshaller, int? maxLength, string? encoding)
{
    /// <summary>Reads the next message.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RpcException">INTERNAL: malformed; RESOURCE_EXHAUSTED: too large.</exception>
    public async ValueTask<Received<T>> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            ReadOnlySequence<byte> payload;
            bool compressed;
            bool whole;
            try
            {
                whole = TryTake(ref buffer, out payload, out compressed);
            }
            catch (RpcException)
            {
                pipe.AdvanceTo(read.Buffer.End);
                throw;
            }

            if (whole)
            {
                try
                {
                    return new Received<T>(true, Deserialize(payload, compressed));
                }
                finally
                {
                    pipe.AdvanceTo(buffer.Start);
                }
            }

            if (read.IsCompleted)
            {
                bool clean = buffer.IsEmpty;
                pipe.AdvanceTo(buffer.End);
                return clean ? default : throw Malformed($"The stream ended inside a message, after {buffer.Length} of its bytes.");
            }

            if (read.IsCanceled)
            {
                pipe.AdvanceTo(buffer.Start);
                throw new OperationCanceledException("Reading was cancelled.");
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static RpcException Malformed(string detail) => new(new Status(StatusCode.Internal, detail));

    private bool TryTake(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload, out bool compressed)
    {
        payload = default;
        compressed = false;
        if (buffer.Length < OutgoingMessage.PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[OutgoingMessage.PrefixLength];
        buffer.Slice(0, OutgoingMessage.PrefixLength).CopyTo(prefix);
        if (prefix[0] > 1)
        {
            throw Malformed($"The compressed flag of a message is {prefix[0]}; it must be 0 or 1.");
        }

        compressed = prefix[0] == 1;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > (maxLength ?? int.MaxValue))
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"Received message has {length} bytes, the limit is {maxLength ?? int.MaxValue}; send it in chunks or raise the limit of the receiver."));
        }

        if (buffer.Length < OutgoingMessage.PrefixLength + length)
        {
            return false;
        }

        payload = buffer.Slice(OutgoingMessage.PrefixLength, length);
        buffer = buffer.Slice(payload.End);
        return true;
    }

    private T Deserialize(ReadOnlySequence<byte> payload, bool compressed)
    {
        if (compressed)
        {
            payload = Compression.Expand(payload, encoding, maxLength);
        }

        try
        {
            return marshaller.ContextualDeserializer(new IncomingMessage(payload));
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(
                StatusCode.Internal, $"Received message of {payload.Length} bytes is not a valid {typeof(T).Name}; both sides need the same contract.", e));
        }
    }
}
