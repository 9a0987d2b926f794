namespace Grpc.Core;

/// <summary>A stream of messages to send, written by one caller at a time.</summary>
/// <typeparam name="T">Type of the message.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Options of the messages written from now on.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Sends one message; ends when the transport has room for more, so a slow reader slows the writer.</summary>
    /// <param name="message">The message.</param>
    Task WriteAsync(T message);

    /// <summary>Sends one message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait; the call can send nothing after that.</param>
    Task WriteAsync(T message, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
            ? throw new NotSupportedException("This writer cannot cancel a single write; pass no token or cancel the call.")
            : WriteAsync(message);
}
