using AnalogHil.Rpc.Wire;
using Grpc.Core;

namespace AnalogHil.Rpc.Server;

/// <summary>The responses of a call; a write ends when the transport has taken the message, so a slow client slows the handler.</summary>
internal sealed class ResponseStream<T>(
    Marshaller<T> marshaller, int? maxLength, int? gzipFrom, HttpCallContext context,
    Func<ReadOnlyMemory<byte>, CancellationToken, Task> send) : IServerStreamWriter<T>
    where T : class
{
    /// <inheritdoc/>
    public WriteOptions? WriteOptions
    {
        get => context.WriteOptions;
        set => context.WriteOptions = value;
    }

    /// <inheritdoc/>
    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <inheritdoc/>
    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        bool plain = WriteOptions?.Flags.HasFlag(WriteFlags.NoCompress) == true;
        return send(OutgoingMessage.Serialize(message, marshaller, maxLength, plain ? null : gzipFrom), cancellationToken);
    }
}
