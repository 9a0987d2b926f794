using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Link;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Tests.Link;

/// <summary>A device as docs/link.md describes it, for tests without firmware: answers HELLO, executes a command once, keeps 32 results.</summary>
internal sealed class DeviceEnd
{
    private readonly LinkCounts _counts = new();
    private readonly RoundTrip _trip = new();
    private readonly LinkChannel[] _channels;
    private readonly Deframer _deframer = new();
    private readonly byte[] _plain = new byte[FrameCodec.MaxStuffed];
    private readonly (uint Id, byte[] Reply)[] _results = new (uint, byte[])[LinkSchema.ResultsKept];
    private ushort _link;
    private uint _attempt;
    private WireHelloAnswer? _offer;
    private WireHelloAnswer? _answerDue;
    private ushort _unknown;
    private ushort _lastLink = 40;

    public DeviceEnd()
    {
        int[] slots = [2, 4, 8, 2, 2];
        _channels = [.. slots.Select(count => new LinkChannel(count, _trip, _counts))];
    }

    public ulong Boot { get; private set; } = 0x1234;

    public int Links { get; private set; }

    public LinkCounts Counts => _counts;

    public required Func<WireCommandHeader, byte[], byte[]> Execute { get; init; }

    public long NextDue => _answerDue is not null || _unknown != 0 ? 0
        : _link == 0 ? long.MaxValue : _channels.Min(channel => channel.AcknowledgeDue ? 0 : channel.NextDue());

    public void Reboot()
    {
        Boot++;
        (_link, _attempt, _offer, _answerDue) = (0, 0, null, null);
        Array.Clear(_results);
    }

    public void Receive(ReadOnlySpan<byte> bytes, long now)
    {
        foreach (byte value in bytes)
        {
            if (_deframer.Take(value)
                && FrameCodec.Decode(_deframer.Candidate, _plain, out WireFrameHeader header, out ReadOnlySpan<byte> payload) == FrameResult.Good)
            {
                Take(header, payload, now);
            }
        }

        for (int c = 0; _link != 0 && c < _channels.Length; c++)
        {
            while (_channels[c].CanSend && _channels[c].TryReceive(out byte[] message))
            {
                var command = WireCommandHeader.Read(message);
                if (command.Id == LinkSchema.SignOfLifeId)
                {
                    byte[] alive = new byte[WireReplyHeader.Size];
                    new WireReplyHeader(command.Id, WireStatus.Ok, command.Opcode).Write(alive);
                    Assert.True(_channels[c].TrySend(alive, now));
                    continue;
                }

                ref (uint Id, byte[] Reply) result = ref _results[command.Id % LinkSchema.ResultsKept];
                Assert.True(command.Id >= result.Id, "the host opened more commands than results are kept");
                if (command.Id > result.Id)
                {
                    byte[] body = Execute(command, message[WireCommandHeader.Size..]);
                    byte[] reply = new byte[WireReplyHeader.Size + body.Length];
                    new WireReplyHeader(command.Id, WireStatus.Ok, command.Opcode).Write(reply);
                    body.CopyTo(reply, WireReplyHeader.Size);
                    result = (command.Id, reply);
                }

                Assert.True(_channels[c].TrySend(result.Reply, now));
            }
        }
    }

    public int Transmit(Span<byte> wire, long now)
    {
        if (_answerDue is { } answer)
        {
            _answerDue = null;
            byte[] payload = new byte[WireHelloAnswer.Size];
            answer.Write(payload);
            return FrameCodec.Encode(new WireFrameHeader(WireFrameKind.HelloAnswer, 0, 0, 0, 0, 0, 0, 0), payload, wire);
        }

        if (_unknown != 0)
        {
            byte[] payload = new byte[WireLinkUnknown.Size];
            new WireLinkUnknown(Boot, _unknown, 0).Write(payload);
            _unknown = 0;
            return FrameCodec.Encode(new WireFrameHeader(WireFrameKind.LinkUnknown, 0, 0, 0, 0, 0, 0, 0), payload, wire);
        }

        for (int c = 0; _link != 0 && c < _channels.Length; c++)
        {
            LinkChannel channel = _channels[c];
            (ushort Sequence, SentMessage Message)? due = channel.Due(now);
            if (due is null && !channel.AcknowledgeDue)
            {
                continue;
            }

            if (due is { } sending)
            {
                // A device never gives up, or a host that only waits for its answer would wait for ever.
                _ = channel.Sending(sending.Message, now, now);
            }

            channel.AcknowledgeDue = false;
            return FrameCodec.Encode(
                new WireFrameHeader(due is null ? WireFrameKind.Ack : WireFrameKind.Data, (WireChannel)c, 0, due?.Sequence ?? 0, channel.Consumed,
                    channel.ReceivedBits, 0, _link),
                due?.Message.Payload,
                wire);
        }

        return 0;
    }

    private void Take(in WireFrameHeader header, ReadOnlySpan<byte> payload, long now)
    {
        if (header.Kind == WireFrameKind.Hello && payload.Length == WireHello.Size)
        {
            var hello = WireHello.Read(payload);
            if (hello.Attempt < _attempt)
            {
                return;
            }

            ushort link = hello.Attempt == _attempt ? _link : _offer is { } offer && offer.Attempt == hello.Attempt ? offer.Link : ++_lastLink;
            var answer = new WireHelloAnswer(
                hello.Schema == LinkSchema.ShortHash ? WireHelloStatus.Ok : WireHelloStatus.SchemaRefused, 1, 1, 1, 0, hello.MaxPayload, hello.Window, 0,
                hello.Session, hello.Attempt, link, 0, LinkSchema.ResultsKept, Boot, LinkSchema.ShortHash);
            _answerDue = answer;
            _offer = hello.Attempt == _attempt ? _offer : answer;
            return;
        }

        if (header.Kind is not (WireFrameKind.Data or WireFrameKind.Ack))
        {
            return;
        }

        if (_offer is { } taken && taken.Link == header.Link && taken.Attempt != _attempt)
        {
            (_link, _attempt) = (taken.Link, taken.Attempt);
            Links++;
            _trip.Reset();
            Array.ForEach(_channels, channel => channel.Reset(taken.Window));
        }

        if (_link == 0 || header.Link != _link)
        {
            _unknown = header.Link;
            return;
        }

        LinkChannel channel = _channels[(int)header.Channel];
        if (channel.Acknowledged(header.Acknowledge, header.Received, now) && header.Kind == WireFrameKind.Data)
        {
            channel.Arrived(header.Sequence, payload);
        }
    }
}
