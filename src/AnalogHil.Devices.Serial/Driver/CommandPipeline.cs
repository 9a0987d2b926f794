using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>Keeps the line full: commands of one channel follow each other without waiting for replies, a bounded number at a time.</summary>
internal sealed class CommandPipeline(DeviceSession session, WireChannel channel, CancellationToken cancellationToken)
{
    private const int MostWaiting = 64;

    private readonly Queue<(Task<ReadOnlyMemory<byte>> Reply, Action<ReadOnlyMemory<byte>>? Take)> _waiting = new();

    /// <summary>Sends one more; throws the first refusal among those before.</summary>
    /// <param name="opcode">The command.</param>
    /// <param name="body">Its body.</param>
    /// <param name="take">Called with its reply, after those of the commands before it.</param>
    public async ValueTask SendAsync(WireOpcode opcode, ReadOnlyMemory<byte> body, Action<ReadOnlyMemory<byte>>? take = null)
    {
        _waiting.Enqueue((session.SendAsync(opcode, body, cancellationToken, channel), take));
        await WaitAsync(MostWaiting - 1).ConfigureAwait(false);
    }

    /// <summary>Waits until at most so many commands are without a reply; throws the first refusal.</summary>
    public async ValueTask WaitAsync(int most = 0)
    {
        while (_waiting.Count > most)
        {
            await TakeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask TakeAsync()
    {
        try
        {
            (Task<ReadOnlyMemory<byte>> reply, Action<ReadOnlyMemory<byte>>? take) = _waiting.Dequeue();
            ReadOnlyMemory<byte> body = await reply.ConfigureAwait(false);
            take?.Invoke(body);
        }
        catch
        {
            // What followed a refused command is refused too, and of no interest.
            foreach ((Task<ReadOnlyMemory<byte>> rest, _) in _waiting)
            {
                _ = rest.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }

            _waiting.Clear();
            throw;
        }
    }
}
