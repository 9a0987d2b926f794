using System.Buffers;

namespace Grpc.Core;

/// <summary>The bytes of one received message; valid only while the deserializer runs.</summary>
public abstract class DeserializationContext
{
    /// <summary>Bytes in the message.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>A copy of the message.</summary>
    public virtual byte[] PayloadAsNewBuffer() => throw new NotImplementedException();

    /// <summary>The message without a copy.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotImplementedException();
}
