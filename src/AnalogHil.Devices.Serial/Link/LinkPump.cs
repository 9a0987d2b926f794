using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Protocol;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Link;

/// <summary>Serves a link over a transport, on a thread of its own: a link needs its answers in time, whatever the thread pool is busy with.</summary>
internal sealed class LinkPump : IDisposable
{
    private readonly ISerialTransport _transport;
    private readonly TimeProvider _time;
    private readonly SerialLink _link;
    private readonly CommandQueue _commands;
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private readonly long _started;
    private readonly TaskCompletionSource<WireHelloAnswer> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource<DeviceException> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;
    private bool _disposed;
    private volatile DeviceException? _gone;
    private (long Epoch, long Interval)? _alive;
    private long _aliveAt;
    private long _askedAt;
    private long _heardAt;
    private long _framesHeard;
    private Task _lastAlive = Task.CompletedTask;

    /// <summary>Says HELLO over <paramref name="transport"/>, which it then owns.</summary>
    public LinkPump(ISerialTransport transport, uint session, TimeProvider time)
    {
        _transport = transport;
        _time = time;
        _started = time.GetTimestamp();
        _link = new SerialLink(session);
        _commands = new CommandQueue(_link) { OnReboot = error => _lost.TrySetResult(error) };
        _thread = new Thread(Serve) { IsBackground = true, Name = $"serial link {transport.Name}" };
        _thread.Start();
    }

    /// <summary>Ends with the first answer to HELLO, be it a refusal.</summary>
    public Task<WireHelloAnswer> Answered => _answered.Task;

    /// <summary>Ends when the device is found gone or rebooted, whether anybody waits for a reply or not.</summary>
    public Task<DeviceException> Lost => _lost.Task;

    /// <summary>Begins to watch for another loss, where the device rebooted behind a line that stayed.</summary>
    public void WatchAgain()
    {
        lock (_gate)
        {
            if (_gone is null && _lost.Task.IsCompleted)
            {
                _lost = new TaskCompletionSource<DeviceException>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Whether the line is gone for good; commands fail from then on.</summary>
    public bool IsGone => _gone is not null;

    /// <summary>While the watchdog is fed, a device without a good frame for so long counts as gone.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.MaxValue;

    /// <summary>Rate of the line, by which frames that wait in its buffers are told from frames that were lost; 0 where it is not known.</summary>
    public int Baud
    {
        init
        {
            lock (_gate)
            {
                _link.MicrosecondsPerByte = value > 0 ? 1e7 / value : 0;
            }
        }
    }

    /// <summary>Looks at the link from outside its thread.</summary>
    public T Ask<T>(Func<SerialLink, T> question)
    {
        lock (_gate)
        {
            return question(_link);
        }
    }

    /// <summary>Sends a command and waits for its reply. Cancelling stops the waiting only: what was sent may still be executed.</summary>
    public Task<CommandReply> SendAsync(WireOpcode opcode, long epoch, ReadOnlySpan<byte> body, WireChannel channel, CancellationToken cancellationToken)
    {
        Task<CommandReply> reply;
        lock (_gate)
        {
            if (_gone is not null)
            {
                return Task.FromException<CommandReply>(_gone);
            }

            reply = _commands.Add(opcode, epoch, body, channel);
        }

        _transport.Wake();
        return reply.WaitAsync(cancellationToken);
    }

    /// <summary>Feeds the device's watchdog from this thread, which nothing but the line keeps busy; null ends it.</summary>
    /// <param name="epoch">Epoch of the lease.</param>
    /// <param name="interval">Between two keep-alives.</param>
    public void KeepAlive(long? epoch, TimeSpan interval)
    {
        lock (_gate)
        {
            _alive = epoch is { } lease ? (lease, (long)interval.TotalMicroseconds) : null;
            _heardAt = Now;
        }

        _transport.Wake();
    }

    /// <summary>Sends a safe frame, with or without a link.</summary>
    public void MakeSafe()
    {
        lock (_gate)
        {
            _link.MakeSafe();
        }

        _transport.Wake();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _stopping = true;
        _transport.Wake();
        _thread.Join();
        _transport.Dispose();
    }

    private long Now => (long)_time.GetElapsedTime(_started).TotalMicroseconds;

    private void Serve()
    {
        byte[] incoming = new byte[4096];
        byte[] wire = new byte[FrameCodec.MaxWire];
        ReadOnlyMemory<byte> outgoing = default;
        try
        {
            while (!_stopping)
            {
                int read = _transport.Read(incoming);
                long due;
                long ours;
                lock (_gate)
                {
                    long now = Now;
                    _link.Receive(incoming.AsSpan(0, read), now);
                    FeedWatchdog(now);
                    _commands.Service(now);
                    RequireSignOfLife(now, read);
                    if (outgoing.IsEmpty)
                    {
                        outgoing = wire.AsMemory(0, _link.Transmit(wire, now));
                    }

                    ours = Math.Min(AskAt, SilentAt) - now;
                    due = Math.Min(_link.NextDue - now, ours);
                    if (_link.Answer is { } answer)
                    {
                        _answered.TrySetResult(answer);
                    }
                }

                outgoing = outgoing.IsEmpty ? outgoing : outgoing[_transport.Write(outgoing.Span)..];
                if (read == 0)
                {
                    // With a frame on its way the time of the next one does not matter, it must wait for room first; but a device that takes nothing
                    // more may be gone, and that is found in time only by a host that is awake.
                    _transport.Wait(TimeSpan.FromMicroseconds(Math.Clamp(outgoing.IsEmpty ? due : ours, 0, 1_000_000)), !outgoing.IsEmpty);
                }
            }

            Fail(new DeviceException(DeviceFault.Disconnected, $"{_transport.Name} was closed; open the device again"));
        }
        catch (DeviceException error)
        {
            Fail(error);
            _lost.TrySetResult(error);
        }
    }

    // Only what was asked and not answered is silence, and only where nothing waits to be read: a host that was itself away has asked nothing meanwhile, and
    // finds the answers to what it asked before in the line. Bytes that make no frame are no answer.
    private void RequireSignOfLife(long now, int read)
    {
        if (_link.Counts.FramesIn != _framesHeard)
        {
            (_framesHeard, _heardAt) = (_link.Counts.FramesIn, now);
        }
        else if (read == 0 && now >= SilentAt)
        {
            throw new DeviceException(
                DeviceFault.Disconnected,
                $"{_transport.Name}: the armed device has not answered for {(now - Math.Max(_heardAt, _askedAt)) / 1000} ms, "
                    + $"longest silence is {LongestSilence.TotalMilliseconds} ms; check cable and power");
        }
    }

    // When a device that says nothing more is gone; never where nothing was asked of it.
    private long SilentAt => _alive is null || _lastAlive.IsCompleted || LongestSilence == TimeSpan.MaxValue
        ? long.MaxValue
        : Math.Max(_heardAt, _askedAt) + (long)LongestSilence.TotalMicroseconds;

    // When the next sign of life is to be asked for. One at a time: on a slow line they must not pile up.
    private long AskAt => _alive is null || !_lastAlive.IsCompleted ? long.MaxValue : _aliveAt;

    private void FeedWatchdog(long now)
    {
        if (_alive is { } alive && now >= AskAt)
        {
            _aliveAt = now + alive.Interval;
            _askedAt = now;
            _lastAlive = _commands.AskSignOfLife(alive.Epoch);
            _ = _lastAlive.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    private void Fail(DeviceException error)
    {
        lock (_gate)
        {
            _gone = error;
            _commands.FailAll(error);
        }

        _answered.TrySetException(error);
    }
}
