using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>Other ways to read a stream.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Reads the next message, with no token of its own.</summary>
    /// <typeparam name="T">Type of the message.</typeparam>
    /// <param name="streamReader">The stream.</param>
    /// <returns>False at the end of the stream.</returns>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return streamReader.MoveNext(CancellationToken.None);
    }

    /// <summary>All messages to the end of the stream, for <c>await foreach</c>.</summary>
    /// <typeparam name="T">Type of the message.</typeparam>
    /// <param name="streamReader">The stream.</param>
    /// <param name="cancellationToken">Ends the wait; on a client it also cancels the call.</param>
    public static async IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> streamReader, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        while (await streamReader.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            yield return streamReader.Current;
        }
    }
}
