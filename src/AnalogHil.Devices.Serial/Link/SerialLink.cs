using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Link;

/// <summary>
/// The host's end of a serial link (docs/link.md): bytes in, frames out, five channels in order and without loss while the link lives. Knows no
/// thread and no clock; times are microseconds of whoever calls.
/// </summary>
internal sealed class SerialLink
{
    private const int Channels = 5;

    // What may wait in the line's buffers, microseconds: enough for a host that is run late, little enough for what is sent again and for acknowledgements,
    // which could pass what waits here, but nothing of what a terminal has taken.
    private const double LongestQueue = 15_000;

    private readonly uint _session;
    private readonly Deframer _deframer = new();
    private readonly byte[] _plain = new byte[FrameCodec.MaxStuffed];
    private readonly RoundTrip _trip = new();
    private readonly LinkChannel[] _channels;
    private uint _attempt = 1;
    private ushort _id;
    private int _maxPayload;
    private bool _helloDue = true;
    private long _helloAt;
    private uint? _safeDue;
    private uint _safeToken;
    private double _lineFreeAt;
    private long _roomAt;

    /// <summary>Begins a session; HELLO is the first frame.</summary>
    /// <param name="session">Random number of this run.</param>
    public SerialLink(uint session)
    {
        _session = session;
        int[] slots = [LinkSchema.UrgentWindow, LinkSchema.ControlWindow, LinkSchema.BulkWindow, LinkSchema.TelemetryWindow, LinkSchema.LogWindow];
        _channels = [.. slots.Select(count => new LinkChannel(count, _trip, Counts))];
    }

    /// <summary>Whether a link is in force.</summary>
    public bool Up { get; private set; }

    /// <summary>Counts links taken up; when it changes, what was not answered must be sent again.</summary>
    public int Generation { get; private set; }

    /// <summary>The last answer to HELLO since the last reconnect, with the reason when there is no link.</summary>
    public WireHelloAnswer? Answer { get; private set; }

    /// <summary>Whether the last safe frame was answered.</summary>
    public bool SafeAnswered { get; private set; }

    /// <summary>What was seen so far.</summary>
    public LinkCounts Counts { get; } = new();

    /// <summary>Most payload bytes of a message; 0 without a link.</summary>
    public int MaxPayload => Up ? _maxPayload : 0;

    /// <summary>Time of a byte on the line, microseconds; 0 where it is not known: then what waits in the line's buffers counts as round trip.</summary>
    public double MicrosecondsPerByte
    {
        get;
        set
        {
            field = value;
            _trip.LongestFrame = (long)(value * FrameCodec.MaxWire);
        }
    }

    /// <summary>Mean round trip, microseconds; 0 before the first.</summary>
    public long RoundTripMicroseconds => _trip.Smoothed;

    /// <summary>When <see cref="Transmit"/> will have something if nothing arrives; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDue => _safeDue is not null || (!Up && _helloDue) ? 0
        : !Up ? _helloAt + RoundTrip.First
        : _channels.Min(channel => Math.Max(_roomAt, channel.AcknowledgeDue ? 0 : channel.NextDue()));

    /// <summary>Whether a message can be queued.</summary>
    public bool CanSend(WireChannel channel) => Up && _channels[(int)channel].CanSend;

    /// <summary>Queues a message; false without a link, without room in the window, or when it is longer than <see cref="MaxPayload"/>.</summary>
    public bool TrySend(WireChannel channel, ReadOnlySpan<byte> payload, long now) =>
        Up && payload.Length <= _maxPayload && _channels[(int)channel].TrySend(payload, now);

    /// <summary>Consumes the next message of a channel.</summary>
    public bool TryReceive(WireChannel channel, out byte[] payload)
    {
        payload = [];
        return Up && _channels[(int)channel].TryReceive(out payload);
    }

    /// <summary>Drops the link and says HELLO again.</summary>
    public void Reconnect()
    {
        Up = false;
        _attempt++;
        _helloDue = true;
        Answer = null;
    }

    /// <summary>Sends a safe frame, with or without a link.</summary>
    public void MakeSafe()
    {
        _safeDue = ++_safeToken;
        SafeAnswered = false;
    }

    /// <summary>Takes bytes from the line.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, long now)
    {
        foreach (byte value in bytes)
        {
            if (!_deframer.Take(value))
            {
                continue;
            }

            switch (FrameCodec.Decode(_deframer.Candidate, _plain, out WireFrameHeader header, out ReadOnlySpan<byte> payload))
            {
                case FrameResult.Good:
                    Counts.FramesIn++;
                    Counts.Stale += Take(header, payload, now) ? 0 : 1;
                    break;
                case FrameResult.Stuffing:
                    Counts.Stuffing++;
                    break;
                case FrameResult.Length:
                    Counts.Length++;
                    break;
                default:
                    Counts.Checksum++;
                    break;
            }
        }
    }

    /// <summary>Writes the next frame; 0 when there is none. Call it when the line is free, so that priorities and times mean something.</summary>
    /// <param name="wire">Room for <see cref="FrameCodec.MaxWire"/> bytes.</param>
    /// <param name="now">Microseconds.</param>
    public int Transmit(Span<byte> wire, long now)
    {
        if (_safeDue is { } token)
        {
            _safeDue = null;
            return Encode(WireFrameKind.Safe, new WireSafeToken(token).Write, WireSafeToken.Size, wire);
        }

        if (!Up && (_helloDue || now - _helloAt >= RoundTrip.First))
        {
            _helloDue = false;
            _helloAt = now;
            return Encode(
                WireFrameKind.Hello,
                new WireHello(
                    LinkSchema.ProtocolLowest, LinkSchema.ProtocolHighest, LinkSchema.FeatureOperands, LinkSchema.MaxPayload, LinkSchema.MaxWindow, 0,
                    _session, _attempt, LinkSchema.ShortHash).Write,
                WireHello.Size,
                wire);
        }

        // Acknowledgements that no message can carry go first: they are short, and the other side times its messages by them. Others wait with their message.
        _roomAt = 0;
        for (int i = 0; Up && i < 2 * Channels; i++)
        {
            if (i == Channels && !HasRoom(now))
            {
                return 0;
            }

            int count = TransmitChannel(i % Channels, i >= Channels, wire, now);
            if (count > 0)
            {
                return count;
            }
        }

        return 0;
    }

    private int TransmitChannel(int number, bool messages, Span<byte> wire, long now)
    {
        LinkChannel channel = _channels[number];
        (ushort Sequence, SentMessage Message)? due = channel.Due(now);
        if (messages ? due is null : due is not null || !channel.AcknowledgeDue)
        {
            return 0;
        }

        if (due is { } sending && !channel.Sending(sending.Message, now, LeavesAt(sending.Message, now)))
        {
            Reconnect();
            return 0;
        }

        channel.AcknowledgeDue = false;
        Counts.Sent();
        return FrameCodec.Encode(
            new WireFrameHeader(
                due is null ? WireFrameKind.Ack : WireFrameKind.Data, (WireChannel)number, 0, due?.Sequence ?? 0, channel.Consumed,
                channel.ReceivedBits, 0, _id),
            due?.Message.Payload,
            wire);
    }

    // Whether the line is to be given another message now; else `_roomAt` says when. A line that is faster than its rate takes what it can.
    private bool HasRoom(long now)
    {
        double wait = _trip.LineIsFaster ? 0 : Ahead(now) - LongestQueue;
        _roomAt = wait > 0 ? now + (long)Math.Ceiling(wait) : 0;
        return _roomAt == 0;
    }

    private long LeavesAt(SentMessage message, long now)
    {
        _lineFreeAt = now + Math.Max(0, Ahead(now)) + (MicrosecondsPerByte * FrameCodec.WireBytes(message.Payload.Length));
        return (long)_lineFreeAt;
    }

    // Time of what the line still has before it: no more than was given to it and cannot have left by its rate, and no more than what nothing was heard of.
    private double Ahead(long now) => Math.Min(_lineFreeAt - now, MicrosecondsPerByte * _channels.Sum(channel => channel.BytesOnTheWay));

    private delegate void Writer(Span<byte> to);

    private int Encode(WireFrameKind kind, Writer write, int size, Span<byte> wire)
    {
        Span<byte> payload = stackalloc byte[size];
        write(payload);
        Counts.Sent();
        return FrameCodec.Encode(new WireFrameHeader(kind, 0, 0, 0, 0, 0, 0, 0), payload, wire);
    }

    private bool Take(in WireFrameHeader header, ReadOnlySpan<byte> payload, long now)
    {
        switch (header.Kind)
        {
            case WireFrameKind.HelloAnswer when payload.Length == WireHelloAnswer.Size:
                return TakeAnswer(WireHelloAnswer.Read(payload));
            case WireFrameKind.SafeAnswer when payload.Length == WireSafeToken.Size:
                SafeAnswered |= WireSafeToken.Read(payload).Token == _safeToken;
                return true;
            case WireFrameKind.LinkUnknown when payload.Length == WireLinkUnknown.Size:
                if (!Up || WireLinkUnknown.Read(payload).Link != _id)
                {
                    return false;
                }

                Reconnect();
                return true;
            case WireFrameKind.Data or WireFrameKind.Ack when Up && header.Link == _id && (int)header.Channel < Channels:
                LinkChannel channel = _channels[(int)header.Channel];
                return channel.Acknowledged(header.Acknowledge, header.Received, now)
                    && (header.Kind == WireFrameKind.Ack || channel.Arrived(header.Sequence, payload));
            default:
                return false;
        }
    }

    private bool TakeAnswer(in WireHelloAnswer answer)
    {
        if (Up || answer.Session != _session || answer.Attempt != _attempt)
        {
            return false;
        }

        Answer = answer;
        if (answer.Status != WireHelloStatus.Ok || answer.Link == 0 || answer.Window == 0 || answer.MaxPayload is 0 or > LinkSchema.MaxPayload)
        {
            return true;
        }

        Up = true;
        Generation++;
        Counts.Links++;
        _id = answer.Link;
        _maxPayload = answer.MaxPayload;
        _trip.Reset();
        foreach (LinkChannel channel in _channels)
        {
            channel.Reset(answer.Window);
        }

        // The first frame that names the link puts it in force on the other side.
        _channels[(int)WireChannel.Control].AcknowledgeDue = true;
        return true;
    }
}
