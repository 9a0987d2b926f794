using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>Keeps the line full: commands of one channel follow each other without waiting for replies, a bounded number at a time.</summary>
internal sealed class CommandPipeline(DeviceSession session, WireChannel channel, CancellationToken cancellationToken)
{
    private const int MostWaiting = 64;

    private readonly Queue<Task<ReadOnlyMemory<byte>>> _waiting = new();

    /// <summary>Called with every reply, in the order of the commands.</summary>
    public Action<ReadOnlyMemory<byte>>? OnReply { get; init; }

    /// <summary>Sends one more; throws the first refusal among those before.</summary>
    public async ValueTask SendAsync(WireOpcode opcode, ReadOnlyMemory<byte> body)
    {
        _waiting.Enqueue(session.SendAsync(opcode, body, cancellationToken, channel));
        if (_waiting.Count >= MostWaiting)
        {
            await TakeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits for all replies; the last one.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> EndAsync()
    {
        ReadOnlyMemory<byte> last = default;
        while (_waiting.Count > 0)
        {
            last = await TakeAsync().ConfigureAwait(false);
        }

        return last;
    }

    private async ValueTask<ReadOnlyMemory<byte>> TakeAsync()
    {
        try
        {
            ReadOnlyMemory<byte> reply = await _waiting.Dequeue().ConfigureAwait(false);
            OnReply?.Invoke(reply);
            return reply;
        }
        catch
        {
            // What followed a refused command is refused too, and of no interest.
            foreach (Task<ReadOnlyMemory<byte>> rest in _waiting)
            {
                _ = rest.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }

            _waiting.Clear();
            throw;
        }
    }
}
