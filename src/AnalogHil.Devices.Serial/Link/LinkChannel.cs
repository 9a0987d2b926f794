using AnalogHil.Devices.Serial.Framing;

namespace AnalogHil.Devices.Serial.Link;

/// <summary>
/// One channel, both directions: selective repeat. A received message keeps its slot until it is consumed, and the sender's window moves with
/// what was consumed, so that a slow receiver slows the sender and nothing overruns.
/// </summary>
internal sealed class LinkChannel(int slots, RoundTrip trip, LinkCounts counts)
{
    /// <summary>A message that was sent so often without an answer means that the link is gone.</summary>
    public const int MostTries = 12;

    // One overtaking is not yet a loss.
    private const int Overtaken = 2;

    private readonly SentMessage?[] _sent = new SentMessage?[slots];
    private readonly byte[]?[] _received = new byte[]?[slots];
    private readonly int _slots = slots;
    private int _window = slots;
    private ushort _first;
    private ushort _next;
    private long _order;
    private long _heardAt;
    private int _probes;
    private ushort _consumed;

    /// <summary>Whether the other side is to be told what has arrived.</summary>
    public bool AcknowledgeDue { get; set; }

    /// <summary>First message that was not consumed here.</summary>
    public ushort Consumed => _consumed;

    /// <summary>Whether the window has room.</summary>
    public bool CanSend => Waiting < _window;

    /// <summary>Bytes of frames that were sent and of whose arrival nothing is known: most that the line may still have before it.</summary>
    public int BytesOnTheWay
    {
        get
        {
            int bytes = 0;
            for (int i = 0; i < Waiting; i++)
            {
                bytes += Sent(_first + i) is { Tries: > 0, Delivered: false } message ? FrameCodec.WireBytes(message.Payload.Length) : 0;
            }

            return bytes;
        }
    }

    private int Waiting => (ushort)(_next - _first);

    /// <summary>Bits of what has arrived from <see cref="Consumed"/> on.</summary>
    public byte ReceivedBits
    {
        get
        {
            int bits = 0;
            for (int i = 0; i < _slots; i++)
            {
                bits |= _received[(_consumed + i) % _slots] is null ? 0 : 1 << i;
            }

            return (byte)bits;
        }
    }

    /// <summary>Begins anew with the agreed window.</summary>
    public void Reset(int window)
    {
        _window = Math.Min(window, _slots);
        (_first, _next, _consumed, _order, _probes, AcknowledgeDue) = (0, 0, 0, 0, 0, false);
        Array.Clear(_sent);
        Array.Clear(_received);
    }

    /// <summary>Queues a message; false when the window is full.</summary>
    public bool TrySend(ReadOnlySpan<byte> payload, long now)
    {
        if (!CanSend)
        {
            return false;
        }

        _sent[_next % _slots] = new SentMessage(payload.ToArray());
        _next++;
        _heardAt = now;
        return true;
    }

    /// <summary>Takes what a frame says about our messages; false when it makes no sense.</summary>
    public bool Acknowledged(ushort acknowledge, byte bits, long now)
    {
        int consumedNow = (ushort)(acknowledge - _first);
        if (consumedNow > Waiting)
        {
            return consumedNow >= 0x8000; // Older than what is known: late, not wrong.
        }

        for (int i = 0; i < consumedNow; i++)
        {
            if (Sent(_first + i).Tries == 0)
            {
                return false;
            }
        }

        long latest = 0;
        for (int i = 0; i < consumedNow; i++)
        {
            Deliver(Sent(_first + i), now, ref latest);
        }

        if (consumedNow > 0)
        {
            _heardAt = now;
            _probes = 0;
        }

        _first = acknowledge;
        for (int i = 0; i < 8 && i < Waiting; i++)
        {
            if ((bits >> i & 1) != 0)
            {
                Deliver(Sent(_first + i), now, ref latest);
            }
        }

        for (int i = 0; i < Waiting; i++)
        {
            SentMessage message = Sent(_first + i);
            message.Lost |= !message.Delivered && message.Tries > 0 && latest >= message.Order + Overtaken;
        }

        return true;
    }

    /// <summary>Takes a message that arrived; false when it lies outside the window.</summary>
    public bool Arrived(ushort sequence, ReadOnlySpan<byte> payload)
    {
        int ahead = (ushort)(sequence - _consumed);
        AcknowledgeDue = true;
        if (ahead >= _slots)
        {
            counts.Duplicates += ahead >= 0x8000 ? 1 : 0;
            return ahead >= 0x8000;
        }

        if (_received[sequence % _slots] is not null)
        {
            counts.Duplicates++;
            return true;
        }

        for (int i = 0; i < ahead; i++)
        {
            if (_received[(_consumed + i) % _slots] is null)
            {
                counts.Reordered++;
                break;
            }
        }

        _received[sequence % _slots] = payload.ToArray();
        return true;
    }

    /// <summary>Consumes the next message in order; false when it has not arrived.</summary>
    public bool TryReceive(out byte[] payload)
    {
        payload = _received[_consumed % _slots] ?? [];
        if (_received[_consumed % _slots] is null)
        {
            return false;
        }

        _received[_consumed % _slots] = null;
        _consumed++;
        AcknowledgeDue = true;
        return true;
    }

    /// <summary>The message to be sent now: lost or timed out ones first, then new ones; null for none.</summary>
    public (ushort Sequence, SentMessage Message)? Due(long now)
    {
        (ushort, SentMessage)? fresh = null;
        bool allDelivered = true;
        for (int i = 0; i < Waiting; i++)
        {
            SentMessage message = Sent(_first + i);
            if (message.Delivered)
            {
                continue;
            }

            allDelivered = false;
            if (message.Tries == 0)
            {
                fresh ??= ((ushort)(_first + i), message);
            }
            else if (message.Lost || now - message.SentAt >= trip.TimeoutOf(message.Tries))
            {
                return ((ushort)(_first + i), message);
            }
        }

        // Everything is there but nothing moves: the news of the consumption may have been lost.
        return allDelivered && Waiting > 0 && now - _heardAt >= trip.TimeoutOf(_probes + 1) ? (_first, Sent(_first)) : fresh;
    }

    /// <summary>Marks a message as sent; false when it was sent too often.</summary>
    /// <param name="message">The message.</param>
    /// <param name="now">When the line takes it, microseconds.</param>
    /// <param name="leaves">When its last byte leaves, microseconds: what waits in the line's buffers before that is no round trip.</param>
    public bool Sending(SentMessage message, long now, long leaves)
    {
        if (message.Delivered)
        {
            _heardAt = leaves;
            _probes++;
            return true;
        }

        if (message.Tries > 0)
        {
            counts.SentAgain();
            if (!message.Lost)
            {
                trip.BackOff();
            }
        }

        message.Tries++;
        message.Lost = false;
        message.GivenAt = now;
        message.SentAt = leaves;
        message.Order = ++_order;
        return message.Tries <= MostTries;
    }

    /// <summary>When <see cref="Due"/> will have something if nothing arrives; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDue()
    {
        long when = long.MaxValue;
        bool allDelivered = true;
        for (int i = 0; i < Waiting; i++)
        {
            SentMessage message = Sent(_first + i);
            if (!message.Delivered)
            {
                allDelivered = false;
                when = Math.Min(when, message.Tries == 0 || message.Lost ? 0 : message.SentAt + trip.TimeoutOf(message.Tries));
            }
        }

        return allDelivered && Waiting > 0 ? _heardAt + trip.TimeoutOf(_probes + 1) : when;
    }

    private SentMessage Sent(int sequence) => _sent[(ushort)sequence % _slots]!;

    private void Deliver(SentMessage message, long now, ref long latest)
    {
        if (message.Delivered || message.Tries == 0)
        {
            return;
        }

        message.Delivered = true;
        _heardAt = now;
        _probes = 0;
        latest = Math.Max(latest, message.Order);
        if (message.Tries == 1)
        {
            trip.Measure(message.GivenAt, message.SentAt, now);
        }
    }
}
