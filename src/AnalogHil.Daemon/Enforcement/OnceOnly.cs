using System.Security.Cryptography;
using System.Text;
using AnalogHil.Ledger.Requests;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>Does a request once, however often it comes, and gives the same bytes as reply each time.</summary>
internal sealed class OnceOnly(IRequestStore requests)
{
    /// <summary>Does it, or gives the reply of before.</summary>
    /// <param name="method">The method.</param>
    /// <param name="key">Its request.</param>
    /// <param name="request">The request.</param>
    /// <param name="handle">Does it.</param>
    public async Task<TResponse> RunAsync<TResponse>(IMethod method, RequestKey key, IMessage request, Func<Task<TResponse>> handle)
        where TResponse : class
    {
        TResponse? fresh = null;

        // Not cut short when the client leaves: its objects live until the handler has ended, and the handler has the client's token itself.
        StoredReply stored = await requests.RunAsync(
            key,
            HashOf(method, request),
            async () =>
            {
                fresh = await handle().ConfigureAwait(false);
                return new StoredReply(0, ((IMessage)fresh).ToByteArray());
            },
            CancellationToken.None).ConfigureAwait(false);
        return fresh ?? Parse<TResponse>(stored);
    }

    /// <summary>The same for a stream of requests: a repetition is told by all of its messages.</summary>
    /// <param name="method">The method.</param>
    /// <param name="key">Its request.</param>
    /// <param name="stream">The stream; when the reply comes, all of it was read.</param>
    /// <param name="first">Its first message.</param>
    /// <param name="handle">Does it.</param>
    /// <param name="cancellationToken">The client's.</param>
    public async Task<TResponse> RunStreamAsync<TRequest, TResponse>(
        IMethod method, RequestKey key, FingerprintedStream<TRequest> stream, IMessage first, Func<Task<TResponse>> handle, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        TResponse? fresh = null;
        StoredReply stored = await requests.RunStreamAsync(
            key,
            HashOf(method, first),
            async () =>
            {
                fresh = await handle().ConfigureAwait(false);
                return new StoredReply(0, ((IMessage)fresh).ToByteArray());
            },
            () => stream.ContentAsync(made: fresh is not null, cancellationToken),
            CancellationToken.None).ConfigureAwait(false);
        return fresh ?? Parse<TResponse>(stored);
    }

    private static byte[] HashOf(IMethod method, IMessage request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(method.FullName));
        hash.AppendData([0]);
        hash.AppendData(request.ToByteArray());
        return hash.GetHashAndReset();
    }

    private static TResponse Parse<TResponse>(StoredReply stored)
        where TResponse : class
    {
        TResponse reply = Activator.CreateInstance<TResponse>();
        ((IMessage)reply).MergeFrom(stored.Body.Span);
        return reply;
    }
}
