using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Faults;

/// <summary>A line with faults between host and device; the same seed meets the same frames with the same faults.</summary>
/// <remarks>Takes one whole frame with each <see cref="Write"/>, as the link writes them.</remarks>
public sealed class FaultyTransport : ISerialTransport
{
    // More would let a stalled line take in without end what the link then believes sent.
    private const int MostWaiting = 8;

    private readonly ISerialTransport _inner;
    private readonly IRebootableTransport? _rebootable;
    private readonly LineFaults _faults;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly FaultyDirection _up;
    private readonly FaultyDirection _down;
    private readonly byte[] _incoming = new byte[4096];
    private readonly byte[] _frame = new byte[FrameCodec.MaxWire];
    private int _frameBytes;
    private ReadOnlyMemory<byte> _writing;
    private ReadOnlyMemory<byte> _reading;
    private volatile bool _unplugged;

    /// <summary>Puts faults into <paramref name="inner"/>, which it then owns.</summary>
    /// <param name="inner">The line.</param>
    /// <param name="faults">What goes wrong.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="time">Clock of delays and pauses.</param>
    /// <exception cref="ArgumentException">The device is to reboot, and cannot be rebooted over this line.</exception>
    public FaultyTransport(ISerialTransport inner, LineFaults faults, ulong seed, TimeProvider time)
    {
        _rebootable = inner as IRebootableTransport;
        if (faults.Reboots && _rebootable is null)
        {
            throw new ArgumentException($"the device on {inner.Name} cannot be reset from here; leave reboots out of its faults, or use a line "
                + "that starts its device", nameof(faults));
        }

        (_inner, _faults, _time, _started) = (inner, faults, time, time.GetTimestamp());
        _up = new FaultyDirection(faults, seed, 0);
        _down = new FaultyDirection(faults, seed, 1);
    }

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <summary>Faults put in so far, both directions.</summary>
    public long Faults => _up.Faults + _down.Faults;

    /// <summary>Reboots of the device among them.</summary>
    public long Reboots { get; private set; }

    /// <summary>Frames seen so far, both directions.</summary>
    public long Frames => _up.Frames + _down.Frames;

    /// <summary>Hangs up for good, from any thread.</summary>
    public void Unplug()
    {
        _unplugged = true;
        _inner.Wake();
    }

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        Move();
        if (_reading.IsEmpty && _down.TryTake(Now, out byte[] arrived))
        {
            _reading = arrived;
        }

        int count = Math.Min(buffer.Length, _reading.Length);
        _reading.Span[..count].CopyTo(buffer);
        _reading = _reading[count..];
        return count;
    }

    /// <inheritdoc/>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        if (_up.Waiting >= MostWaiting)
        {
            Move();
            return 0;
        }

        _unplugged |= _up.Frames == _faults.UnplugAt;
        _up.Send(bytes, Now);
        if (_up.RebootDue)
        {
            Reboot();
        }

        Move();
        return bytes.Length;
    }

    /// <inheritdoc/>
    public void Wait(TimeSpan atMost, bool forWriting)
    {
        long due = Math.Min(_up.Next, _down.Next) - Now;
        if (_reading.IsEmpty && due > 0)
        {
            bool full = _up.Waiting >= MostWaiting;
            TimeSpan limit = due < atMost.TotalMicroseconds ? TimeSpan.FromMicroseconds(due) : atMost;
            _inner.Wait(limit, !_writing.IsEmpty || (forWriting && !full));
        }
        else if (!_writing.IsEmpty)
        {
            _inner.Wait(atMost, true);
        }

        Move();
    }

    /// <inheritdoc/>
    public void Wake() => _inner.Wake();

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    private long Now => (long)_time.GetElapsedTime(_started).TotalMicroseconds;

    private void Reboot()
    {
        _up.Clear();
        _down.Clear();
        (_writing, _reading, _frameBytes) = (default, default, 0);
        _rebootable!.Reboot();
        Reboots++;
    }

    private void Move()
    {
        if (_unplugged)
        {
            throw new DeviceException(DeviceFault.Disconnected, $"{Name} was unplugged by the fault injection; open it again");
        }

        while (!_writing.IsEmpty || _up.TryTake(Now, out byte[]? due) && !(_writing = due).IsEmpty)
        {
            int moved = _inner.Write(_writing.Span);
            _writing = _writing[moved..];
            if (moved == 0)
            {
                break;
            }
        }

        int count = _inner.Read(_incoming);
        foreach (byte value in _incoming.AsSpan(0, count))
        {
            _frame[_frameBytes++] = value;
            if ((value == 0 && _frameBytes > 1) || _frameBytes == _frame.Length)
            {
                _down.Send(_frame.AsSpan(0, _frameBytes), Now);
                _frameBytes = 0;
            }
        }
    }
}
