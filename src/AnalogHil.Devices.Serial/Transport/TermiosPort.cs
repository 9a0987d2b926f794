using System.Runtime.InteropServices;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Serial.Transport;

/// <summary>A terminal of Linux: raw, 8N1, taken exclusively, never blocking; a hang-up is seen at once.</summary>
public sealed class TermiosPort : ISerialTransport
{
    private readonly int _descriptor;
    private readonly int _wake;
    private readonly Lock _closing = new();
    private bool _disposed;
    private bool _hungUp;

    private TermiosPort(string name, int descriptor, int wake) => (Name, _descriptor, _wake) = (name, descriptor, wake);

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Opens a terminal.</summary>
    /// <param name="path">Such as /dev/ttyUSB0; symbolic links are followed.</param>
    /// <param name="baud">One of the rates that termios knows (9600 to 4,000,000); a pty ignores it.</param>
    /// <exception cref="DeviceException"><see cref="DeviceFault.Disconnected"/>: no such terminal, taken by another process, or the rate is not
    /// known.</exception>
    public static unsafe TermiosPort Open(string path, int baud)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException($"{path}: terminals are opened on Linux only; implement {nameof(ISerialTransport)} for this system");
        }

        int descriptor = LibC.Open(path, LibC.ReadWriteNoTerminalNonBlockingCloseOnExec);
        if (descriptor < 0)
        {
            throw Gone(path, "cannot be opened", "check the path and that the user may use it (group dialout)");
        }

        try
        {
            // The lock keeps programs of our kind apart, TIOCEXCL all others.
            if (LibC.Lock(descriptor, LibC.LockExclusiveNonBlocking) != 0)
            {
                throw Gone(path, "is in use", "close the other program");
            }

            byte* termios = stackalloc byte[LibC.TermiosSize];
            if (LibC.GetAttributes(descriptor, termios) != 0)
            {
                throw Gone(path, "is no terminal", "give the path of a serial port or pty");
            }

            LibC.MakeRaw(termios);
            if (LibC.SetSpeed(termios, (uint)baud) != 0)
            {
                throw Gone(path, $"knows no rate of {baud} baud", "choose a standard one, such as 921600");
            }

            if (LibC.SetAttributes(descriptor, LibC.ApplyNow, termios) != 0
                || LibC.Control(descriptor, LibC.TakeExclusively, 0) != 0
                || LibC.Flush(descriptor, LibC.DropBoth) != 0)
            {
                throw Gone(path, "cannot be set up", "check the rate");
            }

            int wake = LibC.Event(0, LibC.EventNonBlockingCloseOnExec);
            return wake >= 0 ? new TermiosPort(path, descriptor, wake) : throw Gone(path, "has no event to wake it", "raise the limit of open files");
        }
        catch
        {
            _ = LibC.Close(descriptor);
            throw;
        }
    }

    /// <inheritdoc/>
    public unsafe int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        fixed (byte* at = buffer)
        {
            return Moved(LibC.Read(_descriptor, at, (nuint)buffer.Length));
        }
    }

    /// <inheritdoc/>
    public unsafe int Write(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        fixed (byte* at = bytes)
        {
            return Moved(LibC.Write(_descriptor, at, (nuint)bytes.Length));
        }
    }

    /// <inheritdoc/>
    public unsafe void Wait(TimeSpan atMost, bool forWriting)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        LibC.PollEntry* entries = stackalloc LibC.PollEntry[2];
        entries[0] = new() { Descriptor = _descriptor, Events = (short)(LibC.Readable | (forWriting ? LibC.Writable : 0)) };
        entries[1] = new() { Descriptor = _wake, Events = LibC.Readable };
        if (LibC.Poll(entries, 2, (int)Math.Ceiling(Math.Clamp(atMost.TotalMilliseconds, 0, 1000))) <= 0)
        {
            return;
        }

        if ((entries[1].Returned & LibC.Readable) != 0)
        {
            ulong counted;
            _ = LibC.Read(_wake, (byte*)&counted, sizeof(ulong));
        }

        // What came before the hang-up can still be read; the read that finds nothing more says so.
        _hungUp |= (entries[0].Returned & LibC.Broken) != 0;
        if (_hungUp && (entries[0].Returned & LibC.Readable) == 0)
        {
            throw HungUp();
        }
    }

    /// <inheritdoc/>
    public unsafe void Wake()
    {
        // A closed descriptor's number may belong to another file by now.
        lock (_closing)
        {
            ulong one = 1;
            _ = _disposed ? 0 : LibC.Write(_wake, (byte*)&one, sizeof(ulong));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_closing)
        {
            if (!_disposed)
            {
                _disposed = true;
                _ = LibC.Close(_descriptor);
                _ = LibC.Close(_wake);
            }
        }
    }

    private int Moved(nint count)
    {
        if (count > 0)
        {
            return (int)count;
        }

        // EIO, or nothing from a terminal that hung up: the other side is gone.
        if (count == 0)
        {
            return !_hungUp ? 0 : throw HungUp();
        }

        return Marshal.GetLastPInvokeError() is LibC.TryAgain or LibC.Interrupted ? 0 : throw Gone(Name, "is gone", "plug the device in again");
    }

    private DeviceException HungUp() => new(DeviceFault.Disconnected, $"{Name} hung up; plug the device in again");

    // With what the system says about the call that failed last.
    private static DeviceException Gone(string path, string what, string remedy) => new(
        DeviceFault.Disconnected, $"{path} {what} ({Marshal.GetLastPInvokeErrorMessage()}); {remedy}");
}
