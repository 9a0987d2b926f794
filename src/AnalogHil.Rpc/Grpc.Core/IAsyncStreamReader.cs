namespace Grpc.Core;

/// <summary>A stream of received messages, read by one caller at a time.</summary>
/// <typeparam name="T">Type of the message.</typeparam>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last <see cref="MoveNext"/> read.</summary>
    T Current { get; }

    /// <summary>Reads the next message.</summary>
    /// <param name="cancellationToken">Ends the wait; on a client it also cancels the call.</param>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="RpcException">The call ended with an error status.</exception>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}
