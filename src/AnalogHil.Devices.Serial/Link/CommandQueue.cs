using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Link;

/// <summary>
/// Commands on their way: each is answered once or fails, over lost links and repeated frames; after a reconnect the open ones are sent again and the
/// device answers those it has executed from its kept results. Not for several threads at a time.
/// </summary>
internal sealed class CommandQueue(SerialLink link)
{
    // Ids that may be open at a time: fewer than the device keeps results for, so that none is forgotten while its answer is on the way.
    private const int MostOpen = LinkSchema.ResultsKept - 1;

    private readonly Queue<OpenCommand> _waiting = new();
    private readonly SortedDictionary<uint, OpenCommand> _open = [];
    private readonly WireChannel[] _channels = Enum.GetValues<WireChannel>();
    private uint _nextId = 1;
    private int _generation;
    private ulong? _boot;
    private OpenCommand? _signOfLife;

    /// <summary>Called for every event of the device.</summary>
    public Action<WireOpcode, ReadOnlyMemory<byte>>? OnEvent { get; set; }

    /// <summary>Called when the device is found to have rebooted.</summary>
    public Action<DeviceException>? OnReboot { get; set; }

    /// <summary>Commands without an answer.</summary>
    public int Count => _waiting.Count + _open.Count;

    /// <summary>Most bytes of a command's body on this link.</summary>
    public int MaxBody => Math.Max(0, link.MaxPayload - WireCommandHeader.Size);

    /// <summary>Queues a command; the task ends with its reply, or fails with <see cref="DeviceFault.Rebooted"/> when the device restarted meanwhile.</summary>
    public Task<CommandReply> Add(WireOpcode opcode, long epoch, ReadOnlySpan<byte> body, WireChannel channel)
    {
        if (body.Length > LinkSchema.MaxPayload - WireCommandHeader.Size)
        {
            throw new ArgumentException($"{opcode}: body of {body.Length} bytes, a frame holds {LinkSchema.MaxPayload - WireCommandHeader.Size}; "
                + "split it", nameof(body));
        }

        OpenCommand command = Compose(opcode, epoch, body, channel);
        _waiting.Enqueue(command);
        return command.Reply.Task;
    }

    /// <summary>
    /// Asks for a sign of life, past every command that waits: a device that works for long, or whose window is full, must not be taken for gone.
    /// </summary>
    /// <param name="epoch">Epoch of the lease, whose watchdog it feeds.</param>
    /// <returns>Ends with the answer; only one may be open at a time.</returns>
    public Task<CommandReply> AskSignOfLife(long epoch)
    {
        _signOfLife = Compose(WireOpcode.KeepAlive, epoch, [], WireChannel.Control);
        return _signOfLife.Reply.Task;
    }

    /// <summary>Takes what has arrived and hands to the link what there is room for. Call it after <see cref="SerialLink.Receive"/>.</summary>
    public void Service(long now)
    {
        foreach (WireChannel channel in _channels)
        {
            while (link.TryReceive(channel, out byte[] message))
            {
                Take(message);
            }
        }

        if (!link.Up)
        {
            return;
        }

        if (_generation != link.Generation)
        {
            TakeUp();
        }

        if (_signOfLife is { IsSent: false } sign)
        {
            sign.IsSent = link.TrySend(sign.Channel, sign.Message, now);
        }

        foreach (OpenCommand command in _open.Values)
        {
            command.IsSent = command.IsSent || link.TrySend(command.Channel, command.Message, now);
        }

        while (_waiting.TryPeek(out OpenCommand? next) && CanOpen() && link.CanSend(next.Channel))
        {
            _waiting.Dequeue();
            uint id = _nextId++;
            next.SetId(id);
            _open.Add(id, next);
            next.IsSent = link.TrySend(next.Channel, next.Message, now);
        }
    }

    /// <summary>Fails everything that is open or waiting.</summary>
    public void FailAll(DeviceException error)
    {
        foreach (OpenCommand command in _open.Values.Concat(_waiting))
        {
            command.Reply.TrySetException(error);
        }

        _open.Clear();
        _waiting.Clear();
        _signOfLife?.Reply.TrySetException(error);
        _signOfLife = null;
    }

    // By id, not by count: an old open command holds the window, for the device forgets results by id too.
    private bool CanOpen() => _open.Count == 0 || _nextId - _open.Keys.First() < MostOpen;

    private void TakeUp()
    {
        ulong boot = link.Answer!.Value.Boot;
        if (_boot is { } before && before != boot)
        {
            var rebooted = new DeviceException(
                DeviceFault.Rebooted,
                $"the device rebooted (boot {before:x16}, now {boot:x16}): what was on its way may or may not have been done; arm, program and commit again");
            FailAll(rebooted);
            OnReboot?.Invoke(rebooted);
        }

        _boot = boot;
        _generation = link.Generation;
        foreach (OpenCommand command in _open.Values)
        {
            command.IsSent = false;
        }

        if (_signOfLife is not null)
        {
            _signOfLife.IsSent = false;
        }
    }

    private static OpenCommand Compose(WireOpcode opcode, long epoch, ReadOnlySpan<byte> body, WireChannel channel)
    {
        byte[] message = new byte[WireCommandHeader.Size + body.Length];
        new WireCommandHeader(LinkSchema.SignOfLifeId, opcode, 0, epoch).Write(message);
        body.CopyTo(message.AsSpan(WireCommandHeader.Size));
        return new OpenCommand(channel, message);
    }

    private void Take(byte[] message)
    {
        if (message.Length < WireReplyHeader.Size)
        {
            link.Counts.Stale++;
            return;
        }

        var header = WireReplyHeader.Read(message);
        ReadOnlyMemory<byte> body = message.AsMemory(WireReplyHeader.Size);
        if (header.Id == LinkSchema.SignOfLifeId && header.Opcode == WireOpcode.KeepAlive)
        {
            _signOfLife?.Reply.TrySetResult(new CommandReply(header.Status, body));
            _signOfLife = null;
        }
        else if (header.Id == 0)
        {
            OnEvent?.Invoke(header.Opcode, body);
        }
        else if (_open.Remove(header.Id, out OpenCommand? command))
        {
            command.Reply.TrySetResult(new CommandReply(header.Status, body));
        }
        else
        {
            // Answered before, over an earlier link.
            link.Counts.Duplicates++;
        }
    }

    private sealed class OpenCommand(WireChannel channel, byte[] message)
    {
        public WireChannel Channel => channel;

        public byte[] Message => message;

        public bool IsSent { get; set; }

        public TaskCompletionSource<CommandReply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void SetId(uint id) => (WireCommandHeader.Read(message) with { Id = id }).Write(message);
    }
}
