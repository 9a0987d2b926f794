using System.Buffers;
using Grpc.Core;

namespace AnalogHil.Rpc.Wire;

/// <summary>The bytes of one received message, handed to its deserializer.</summary>
internal sealed class IncomingMessage(ReadOnlySequence<byte> payload) : DeserializationContext
{
    /// <inheritdoc/>
    public override int PayloadLength => checked((int)payload.Length);

    /// <inheritdoc/>
    public override byte[] PayloadAsNewBuffer() => payload.ToArray();

    /// <inheritdoc/>
    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => payload;
}
