using Grpc.Core;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>A stream of requests whose first message was looked at and comes again.</summary>
internal sealed class BegunStream<TRequest> : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    private readonly IAsyncStreamReader<TRequest> _rest;
    private bool _pending;
    private bool _atFirst;

    private BegunStream(IAsyncStreamReader<TRequest> rest, TRequest? first)
    {
        _rest = rest;
        First = first;
        _pending = first is not null;
    }

    /// <summary>First message; null: the stream is empty.</summary>
    public TRequest? First { get; }

    /// <inheritdoc/>
    public TRequest Current => _atFirst ? First! : _rest.Current;

    /// <summary>Waits for the first message.</summary>
    public static async Task<BegunStream<TRequest>> BeginAsync(IAsyncStreamReader<TRequest> stream, CancellationToken cancellationToken) =>
        new(stream, await stream.MoveNext(cancellationToken).ConfigureAwait(false) ? stream.Current : null);

    /// <inheritdoc/>
    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _atFirst = _pending;
        _pending = false;
        return _atFirst ? Task.FromResult(true) : _rest.MoveNext(cancellationToken);
    }
}
