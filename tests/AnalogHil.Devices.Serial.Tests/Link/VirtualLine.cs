using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Protocol;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Tests.Link;

/// <summary>
/// A line in virtual time with a device at its end that freezes or reboots at a given moment. Time passes only while the host waits for the line, so that
/// what a machine is busy with changes nothing.
/// </summary>
/// <param name="baud">Rate, 10 bits a byte.</param>
/// <param name="buffer">Bytes that the host's side takes before it takes no more.</param>
/// <param name="backPressure">Whether a frozen device keeps what was sent from leaving that buffer: a pty and flow control do, a bare UART does
/// not.</param>
/// <param name="longestReply">Bytes of a command's body that the device sends back.</param>
internal sealed class VirtualLine(double baud, int buffer, bool backPressure, int longestReply = LinkSchema.MaxPayload) : TimeProvider, ISerialTransport
{
    private readonly DeviceEnd _device = new() { Execute = (_, body) => body.Length > longestReply ? body[..longestReply] : body };
    private readonly Random _random = new(23);
    private bool _losing;
    private readonly Queue<(byte[] Bytes, long At)> _toDevice = new();
    private readonly Queue<(byte[] Bytes, long At)> _toHost = new();
    private readonly ManualResetEventSlim _begun = new();
    private readonly byte[] _wire = new byte[FrameCodec.MaxWire];
    private long _now;
    private long _hostFree;
    private long _deviceFree;

    /// <summary>When the device does nothing any more, microseconds.</summary>
    public long FreezesAt { get; init; } = long.MaxValue;

    /// <summary>When the device restarts, microseconds.</summary>
    public long RebootsAt { get; set; } = long.MaxValue;

    /// <summary>Share of frames, each way, that do not arrive.</summary>
    public double Loss { get; init; }

    /// <summary>Asked whenever the host looks at the line: whether it knows of the loss.</summary>
    public Func<bool> IsNoticed { get; set; } = () => false;

    /// <summary>When the host knew, microseconds.</summary>
    public long? NoticedAt { get; private set; }

    /// <summary>Microseconds now.</summary>
    public long Now => Volatile.Read(ref _now);

    public string Name => "a virtual line";

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => Now;

    /// <summary>Lets time pass.</summary>
    public void Begin() => _begun.Set();

    public int Read(Span<byte> to)
    {
        Step();
        int count = 0;
        while (_toHost.TryPeek(out (byte[] Bytes, long At) next) && next.At <= _now && next.Bytes.Length <= to.Length - count)
        {
            next.Bytes.CopyTo(to[count..]);
            count += _toHost.Dequeue().Bytes.Length;
        }

        return count;
    }

    public int Write(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(bytes.Length, Room);
        if (taken > 0)
        {
            _hostFree = Math.Max(_hostFree, _now) + Microseconds(taken);
            _toDevice.Enqueue((bytes[..taken].ToArray(), _hostFree));
        }

        return taken;
    }

    /// <summary>As a terminal's poll: wakes at whole milliseconds, rounded up.</summary>
    public void Wait(TimeSpan atMost, bool forWriting)
    {
        _begun.Wait();
        long until = _now + (long)Math.Ceiling(Math.Clamp(atMost.TotalMilliseconds, 0, 1000)) * 1000;
        while (true)
        {
            Step();
            bool readable = _toHost.TryPeek(out (byte[] Bytes, long At) first) && first.At <= _now;
            if (readable || (forWriting && Room > 0) || _now >= until)
            {
                return;
            }

            Volatile.Write(ref _now, Math.Clamp(Next(), _now + 1, until));
        }
    }

    public void Wake()
    {
    }

    public void Dispose() => _begun.Set();

    private int Room => buffer - _toDevice.Sum(sent => sent.Bytes.Length);

    private bool IsFrozen => _now >= FreezesAt;

    private long Microseconds(int bytes) => (long)(bytes * 1e7 / baud);

    private long Next()
    {
        long next = _toHost.TryPeek(out (byte[] Bytes, long At) coming) ? coming.At : long.MaxValue;
        next = _toDevice.TryPeek(out (byte[] Bytes, long At) going) && going.At > _now ? Math.Min(next, going.At) : next;
        return IsFrozen ? next : Math.Min(Math.Min(next, RebootsAt), Math.Max(_device.NextDue, _deviceFree));
    }

    private void Step()
    {
        NoticedAt ??= IsNoticed() ? _now : null;
        if (_now >= RebootsAt)
        {
            RebootsAt = long.MaxValue;
            _device.Reboot();
        }

        while (_toDevice.TryPeek(out (byte[] Bytes, long At) next) && next.At <= _now && !(IsFrozen && backPressure))
        {
            // A frame begins with a zero; the buffer may have taken it in pieces.
            _toDevice.Dequeue();
            _losing = next.Bytes[0] == 0 ? _random.NextDouble() < Loss : _losing;
            if (!IsFrozen && !_losing)
            {
                _device.Receive(next.Bytes, _now);
            }
        }

        // A frame that was begun is on the line: it arrives, whatever happens to its sender.
        if (!IsFrozen && _now >= _deviceFree && _device.Transmit(_wire, _now) is > 0 and int count)
        {
            _deviceFree = _now + Microseconds(count);
            if (_random.NextDouble() >= Loss)
            {
                _toHost.Enqueue((_wire[..count], _deviceFree));
            }
        }
    }
}
