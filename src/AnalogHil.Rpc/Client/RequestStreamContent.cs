using System.Net;

namespace AnalogHil.Rpc.Client;

/// <summary>A request body that stays open until its writer completes it or the call ends.</summary>
internal sealed class RequestStreamContent(CancellationToken callEnds) : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The body, once the connection is there.</summary>
    public Task<Stream> Opened => _opened.Task;

    /// <summary>Says that nothing follows.</summary>
    public bool Complete() => _completed.TrySetResult();

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        // The request headers must leave before the first message, or the server would not know of the call.
        await stream.FlushAsync(callEnds).ConfigureAwait(false);
        _opened.TrySetResult(stream);
        await _completed.Task.WaitAsync(callEnds).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
