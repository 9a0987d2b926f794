using System.Buffers;
using System.Buffers.Binary;
using Grpc.Core;

namespace AnalogHil.Rpc.Wire;

/// <summary>One serialized message with its prefix: a byte that says whether it is compressed, and the length, big-endian.</summary>
internal sealed class OutgoingMessage : SerializationContext
{
    /// <summary>Bytes before each message.</summary>
    public const int PrefixLength = 5;

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private bool _complete;

    private OutgoingMessage()
    {
    }

    /// <summary>Serializes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="marshaller">Its marshaller.</param>
    /// <param name="maxLength">Largest message before compression, bytes; null: no limit.</param>
    /// <param name="gzipFrom">Smallest message to compress, bytes; null: none. One that gzip would not shorten stays plain.</param>
    /// <returns>Prefix and message.</returns>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the message is larger.</exception>
    public static ReadOnlyMemory<byte> Serialize<T>(T message, Marshaller<T> marshaller, int? maxLength, int? gzipFrom = null)
    {
        var context = new OutgoingMessage();
        marshaller.ContextualSerializer(message, context);
        if (!context._complete)
        {
            throw new InvalidOperationException($"The serializer of {typeof(T)} did not complete the message; call Complete.");
        }

        int length = context._buffer.WrittenCount - PrefixLength;
        if (length > maxLength)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"Message to send has {length} bytes, the limit is {maxLength}; send it in chunks or raise the limit of this side."));
        }

        Memory<byte> framed = System.Runtime.InteropServices.MemoryMarshal.AsMemory(context._buffer.WrittenMemory);
        BinaryPrimitives.WriteInt32BigEndian(framed.Span[1..], length);
        if (length < gzipFrom || gzipFrom is null)
        {
            return framed;
        }

        Memory<byte> packed = Compression.Pack(framed.Span[PrefixLength..]);
        if (packed.Length >= framed.Length)
        {
            return framed;
        }

        packed.Span[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(packed.Span[1..], packed.Length - PrefixLength);
        return packed;
    }

    /// <inheritdoc/>
    public override void SetPayloadLength(int payloadLength)
    {
        if (_buffer.WrittenCount == 0)
        {
            _buffer.GetSpan(PrefixLength + payloadLength);
        }
    }

    /// <inheritdoc/>
    public override IBufferWriter<byte> GetBufferWriter()
    {
        ReservePrefix();
        return _buffer;
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        ReservePrefix();
        _complete = true;
    }

    /// <inheritdoc/>
    public override void Complete(byte[] payload)
    {
        ReservePrefix();
        _buffer.Write(payload);
        _complete = true;
    }

    private void ReservePrefix()
    {
        if (_buffer.WrittenCount == 0)
        {
            _buffer.Write(stackalloc byte[PrefixLength]);
        }
    }
}
