using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Diagnostics.Vectors;

/// <summary>A line into which bytes of one's own can be put between two frames.</summary>
internal sealed class InjectingTransport(ISerialTransport inner) : ISerialTransport
{
    private readonly Queue<byte[]> _waiting = new();
    private readonly Lock _gate = new();
    private ReadOnlyMemory<byte> _current;
    private int _frameLeft;

    public string Name => inner.Name;

    /// <summary>Whether all has been sent.</summary>
    public bool IsDone
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count == 0 && _current.IsEmpty;
            }
        }
    }

    /// <summary>Sends these bytes as soon as no frame is under way.</summary>
    public void Inject(byte[] bytes)
    {
        lock (_gate)
        {
            _waiting.Enqueue(bytes);
        }

        inner.Wake();
    }

    public int Read(Span<byte> buffer)
    {
        Send();
        return inner.Read(buffer);
    }

    public int Write(ReadOnlySpan<byte> bytes)
    {
        Send();
        lock (_gate)
        {
            if (!_current.IsEmpty)
            {
                return 0;
            }

            // One whole frame is offered at a time; what the line did not take of it comes again.
            int written = inner.Write(bytes);
            _frameLeft = bytes.Length - written;
            return written;
        }
    }

    public void Wait(TimeSpan atMost, bool forWriting) => inner.Wait(IsDone ? atMost : TimeSpan.FromMilliseconds(1), forWriting || !IsDone);

    public void Wake() => inner.Wake();

    public void Dispose() => inner.Dispose();

    private void Send()
    {
        lock (_gate)
        {
            while (_frameLeft == 0 && (!_current.IsEmpty || _waiting.Count > 0))
            {
                _current = _current.IsEmpty ? _waiting.Dequeue() : _current;
                int written = inner.Write(_current.Span);
                _current = _current[written..];
                if (written == 0)
                {
                    return;
                }
            }
        }
    }
}
