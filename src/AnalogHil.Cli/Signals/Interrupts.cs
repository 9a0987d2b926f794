using System.Runtime.InteropServices;

namespace AnalogHil.Cli.Signals;

/// <summary>
/// What tells this process to stop: Ctrl-C, Ctrl-\, SIGTERM, and SIGHUP of a closed terminal or a dropped connection. The first asks for a stop,
/// so that devices are made safe; the third gives up waiting for that.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly Terminal _terminal;
    private readonly CancellationTokenSource _requested = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <param name="terminal">Where the person is told.</param>
    public Interrupts(Terminal terminal)
    {
        _terminal = terminal;
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

    /// <summary>A stop that no signal asked for: nobody sees the output any more.</summary>
    public void Request()
    {
        if (Interlocked.CompareExchange(ref _count, 1, 0) == 0)
        {
            _requested.Cancel();
        }
    }

    /// <summary>One signal.</summary>
    internal void On(PosixSignalContext context)
    {
        if (context.Signal == PosixSignal.SIGHUP)
        {
            // Shell and kernel may both send it when a terminal closes: no sign of impatience.
            context.Cancel = true;
            if (Interlocked.CompareExchange(ref _count, 1, 0) == 0)
            {
                Stop();
            }

            return;
        }

        int count = Interlocked.Increment(ref _count);

        // The third is the system's: the process ends at once.
        context.Cancel = count < 3;
        if (count == 1)
        {
            Stop();
        }
        else if (count == 2)
        {
            _terminal.Say("hil: still stopping: devices are being made safe; a further Ctrl-C ends the program without waiting for that");
        }
    }

    // The request comes first: the terminal may be gone, or block.
    private void Stop()
    {
        _requested.Cancel();
        _terminal.Say("hil: stopping: a device in use is made safe first, and its record kept for --resume");
    }
}
