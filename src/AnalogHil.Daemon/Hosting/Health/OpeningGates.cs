using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace AnalogHil.Daemon.Hosting.Health;

/// <summary>
/// Who opens the device of a bench at this moment. Probes give way: who wants to use a device ends the probe that is under way on it, and opens
/// it when that has closed it.
/// </summary>
internal sealed class OpeningGates
{
    private readonly ConcurrentDictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    /// <summary>Waits until no probe has the device open; what is returned ends the opening.</summary>
    /// <param name="path">Bench file.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<IDisposable> EnterAsync(string path, CancellationToken cancellationToken)
    {
        Gate gate = _gates.GetOrAdd(path, _ => new Gate());
        gate.Interrupt();
        await gate.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Pass(gate, null);
    }

    /// <summary>Begins a probe; false while somebody opens the device.</summary>
    /// <param name="path">Bench file.</param>
    /// <param name="pass">To be disposed when the device is closed again.</param>
    /// <param name="interrupted">Set when somebody wants the device.</param>
    public bool TryProbe(string path, [NotNullWhen(true)] out IDisposable? pass, out CancellationToken interrupted)
    {
        Gate gate = _gates.GetOrAdd(path, _ => new Gate());
        if (!gate.Turn.Wait(0, CancellationToken.None))
        {
            (pass, interrupted) = (null, CancellationToken.None);
            return false;
        }

        var source = new CancellationTokenSource();
        gate.Probe = source;
        (pass, interrupted) = (new Pass(gate, source), source.Token);
        return true;
    }

    private sealed class Gate
    {
        private readonly Lock _gate = new();
        private CancellationTokenSource? _probe;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public CancellationTokenSource? Probe
        {
            set
            {
                lock (_gate)
                {
                    _probe = value;
                }
            }
        }

        public void Interrupt()
        {
            lock (_gate)
            {
                _probe?.Cancel();
            }
        }
    }

    private sealed class Pass(Gate gate, CancellationTokenSource? probe) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                gate.Probe = null;
                probe?.Dispose();
                gate.Turn.Release();
            }
        }
    }
}
