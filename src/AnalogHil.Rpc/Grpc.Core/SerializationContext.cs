using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller puts the bytes of one message: either one array, or a buffer writer of announced length.</summary>
public abstract class SerializationContext
{
    /// <summary>Hands over the whole message.</summary>
    /// <param name="payload">Not copied; must not change afterwards.</param>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    /// <summary>Buffer to write the message into; finish with <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Announces the length, so that the buffer is large enough at once.</summary>
    /// <param name="payloadLength">Bytes.</param>
    public virtual void SetPayloadLength(int payloadLength) => throw new NotImplementedException();

    /// <summary>Ends writing to the buffer of <see cref="GetBufferWriter"/>.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}
