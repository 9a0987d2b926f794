namespace AnalogHil.Ledger.Requests;

/// <summary>Requests that are done once however often they come, at the same time or days later, before or after a restart.</summary>
public interface IRequestStore
{
    /// <summary>Does what is asked for, or gives the reply that it had before.</summary>
    /// <param name="key">The request.</param>
    /// <param name="bodyHash">SHA-256 of the method and the request's bytes, 32 bytes.</param>
    /// <param name="effect">Does it. Its reply is kept, of success as of failure; what it throws is not.</param>
    /// <param name="cancellationToken">Ends the waiting of this caller; the effect goes on.</param>
    /// <remarks>
    /// An effect that throws, or that a crash interrupts, is forgotten if the journal shows no change of the world under this request: the next call does
    /// it. If the journal shows that the change happened and holds a reply, that is the reply; in every other case it is OutcomeUnknown.
    /// So an effect on the ledger alone must do nothing when it is done a second time under the same request id, or be made by <see cref="Commit"/>.
    /// </remarks>
    /// <exception cref="LedgerException">RequestReused: the id came with another body. OutcomeUnknown: see above.</exception>
    Task<StoredReply> RunAsync(RequestKey key, ReadOnlyMemory<byte> bodyHash, Func<Task<StoredReply>> effect, CancellationToken cancellationToken);

    /// <summary>The same for a stream of requests, whose content is known only when all of it has come.</summary>
    /// <param name="key">The request.</param>
    /// <param name="headHash">SHA-256 of the method and the first message, 32 bytes.</param>
    /// <param name="effect">Does it, reading the stream of this call.</param>
    /// <param name="content">
    /// SHA-256 of all messages of this call's stream, 32 bytes: after the effect, of what it was made from; without it, the stream is read for the comparison.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting of this caller; the effect goes on.</param>
    /// <exception cref="LedgerException">RequestReused: the id came with another first message or other content. OutcomeUnknown: as above.</exception>
    Task<StoredReply> RunStreamAsync(
        RequestKey key,
        ReadOnlyMemory<byte> headHash,
        Func<Task<StoredReply>> effect,
        Func<Task<ReadOnlyMemory<byte>>> content,
        CancellationToken cancellationToken);

    /// <summary>
    /// Makes a change of the ledger alone and keeps its reply in the same commit, within the effect of a request: a crash leaves both or neither.
    /// </summary>
    /// <param name="request">The request; null: none, no reply is kept.</param>
    /// <param name="change">The change; its own commits become part of this one. What it throws undoes all of it.</param>
    /// <param name="reply">What the request is answered with.</param>
    T Commit<T>(RequestKey? request, Func<T> change, Func<T, StoredReply> reply);

    /// <summary>The reply that a request had; null: none yet.</summary>
    StoredReply? Find(RequestKey key);

    /// <summary>Forgets replies older than <see cref="LedgerOptions.RepliesKept"/>; returns how many.</summary>
    int Forget();
}
