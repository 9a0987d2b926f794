using AnalogHil.Rpc.Wire;
using Grpc.Core;

namespace AnalogHil.Rpc.Server;

/// <summary>The requests of a call.</summary>
internal sealed class RequestStream<T>(MessageReader<T> reader, CancellationToken callEnds) : IAsyncStreamReader<T>
    where T : class
{
    private T? _current;
    private bool _ended;

    /// <inheritdoc/>
    public T Current => _current ?? throw new InvalidOperationException("There is no request here; call MoveNext first and read while it returns true.");

    /// <inheritdoc/>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _current = null;
        if (_ended)
        {
            return false;
        }

        CancellationTokenSource? either = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, callEnds)
            : null;
        using (either)
        {
            Received<T> received = await reader.ReadAsync(either?.Token ?? callEnds).ConfigureAwait(false);
            _ended = !received.HasMessage;
            _current = received.Message;
            return received.HasMessage;
        }
    }
}
