using System.Buffers.Binary;
using System.Security.Cryptography;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;
using Google.Protobuf;
using Grpc.Core;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>A stream of requests that is hashed as it is read: what a repetition is told by. Its first message was looked at and comes again.</summary>
internal sealed class FingerprintedStream<TRequest>(BegunStream<TRequest> stream) : IAsyncStreamReader<TRequest>, IDisposable
    where TRequest : class
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[]? _whole;

    /// <inheritdoc/>
    public TRequest Current => stream.Current;

    /// <inheritdoc/>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await stream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        // With its length before it: two messages are not one that is as long.
        byte[] message = ((IMessage)Current).ToByteArray();
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, message.Length);
        _hash.AppendData(length);
        _hash.AppendData(message);
        return true;
    }

    /// <summary>Reads what is left; returns the SHA-256 of all messages.</summary>
    /// <param name="made">Whether the request was done already: a client that has gone meanwhile has sent all that counts then.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="CampaignException">RequestInvalid: the stream broke off.</exception>
    public async Task<ReadOnlyMemory<byte>> ContentAsync(bool made, CancellationToken cancellationToken)
    {
        try
        {
            while (_whole is null && await MoveNext(cancellationToken).ConfigureAwait(false))
            {
                // Only its hash counts.
            }
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or RpcException)
        {
            if (!made)
            {
                throw new CampaignException(
                    ErrorReason.RequestInvalid, "the stream broke off before it could be compared with the one before; send all of it again", broken);
            }
        }

        return _whole ??= _hash.GetHashAndReset();
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
