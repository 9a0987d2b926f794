using System.Runtime.InteropServices;

namespace AnalogHil.Cli.Signals;

/// <summary>
/// Ends a command that only asks, watches or computes: the first Ctrl-C, SIGTERM or SIGHUP cancels it, so that it ends in order and says what goes on
/// without it; the second is the system's.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource _requested;
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <param name="cancellationToken">Cancels it, too.</param>
    public StopSignal(CancellationToken cancellationToken)
    {
        _requested = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations = [.. Signals.Where(signal => !InheritedSignals.IsIgnored(signal)).Select(signal => PosixSignalRegistration.Create(signal, On))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
    }

    private void On(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _count) == 1)
        {
            context.Cancel = true;
            _requested.Cancel();
        }
    }
}
