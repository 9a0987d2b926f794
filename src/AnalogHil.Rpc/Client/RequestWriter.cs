using AnalogHil.Rpc.Wire;
using Grpc.Core;

namespace AnalogHil.Rpc.Client;

/// <summary>The requests of a streaming call.</summary>
/// <param name="content">Body of the request.</param>
/// <param name="marshaller">Bytes of the requests.</param>
/// <param name="maxLength">Largest message, bytes; null: no limit.</param>
/// <param name="gzipFrom">Smallest message to compress, bytes; null: none.</param>
/// <param name="ending">How the call ends.</param>
/// <param name="callEnds">Cancelled when the call ends.</param>
internal sealed class RequestWriter<T>(
    RequestStreamContent content, Marshaller<T> marshaller, int? maxLength, int? gzipFrom, ICallEnding ending,
    CancellationToken callEnds) : IClientStreamWriter<T>
    where T : class
{
    private int _writing;
    private bool _completed;

    /// <inheritdoc/>
    public WriteOptions? WriteOptions { get; set; }

    /// <inheritdoc/>
    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <inheritdoc/>
    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_completed)
        {
            throw new InvalidOperationException("The requests are complete; write before CompleteAsync.");
        }

        if (Interlocked.Exchange(ref _writing, 1) == 1)
        {
            throw new InvalidOperationException("A write is under way; await it before the next.");
        }

        try
        {
            await SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <inheritdoc/>
    public Task CompleteAsync()
    {
        _completed = true;
        content.Complete();
        return Task.CompletedTask;
    }

    private async Task SendAsync(T message, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> framed = OutgoingMessage.Serialize(
            message, marshaller, maxLength, WriteOptions?.Flags.HasFlag(WriteFlags.NoCompress) == true ? null : gzipFrom);
        using CancellationTokenRegistration cancel = cancellationToken.Register(ending.Cancel);
        try
        {
            callEnds.ThrowIfCancellationRequested();
            Stream stream = await content.Opened.WaitAsync(callEnds).ConfigureAwait(false);
            await stream.WriteAsync(framed, callEnds).ConfigureAwait(false);
            if (WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true)
            {
                await stream.FlushAsync(callEnds).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            throw await ending.WhyAsync(e).ConfigureAwait(false);
        }
    }
}
