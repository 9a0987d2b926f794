using System.Runtime.InteropServices;
using Grpc.Core;

namespace AnalogHil.Cli.Commands;

/// <summary>Ctrl-C and SIGTERM during a campaign: the first asks it to stop, so that the device is made safe; the third gives up waiting for that.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly Terminal _terminal;
    private readonly Func<Task> _cancel;
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <param name="terminal">Where the person is told.</param>
    /// <param name="cancel">Asks the campaign to stop.</param>
    public Interrupts(Terminal terminal, Func<Task> cancel)
    {
        _terminal = terminal;
        _cancel = cancel;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, On),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, On),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void On(PosixSignalContext context)
    {
        int count = Interlocked.Increment(ref _count);

        // The third is the system's: the process ends at once.
        context.Cancel = count < 3;
        if (count == 1)
        {
            _terminal.Error.WriteLine("hil: stopping: the device is made safe and the record kept for --resume");
            _ = CancelAsync();
        }
        else if (count == 2)
        {
            _terminal.Error.WriteLine("hil: the device is still being made safe; a further Ctrl-C ends the program without waiting for it");
        }
    }

    private async Task CancelAsync()
    {
        try
        {
            await _cancel();
        }
        catch (RpcException failure)
        {
            await _terminal.Error.WriteLineAsync($"hil: the daemon could not be told to stop the campaign: {failure.Status.Detail}");
        }
    }
}
