using System.Threading.Channels;

namespace AnalogHil.Daemon.Operations;

/// <summary>Campaigns that wait for their turn.</summary>
internal sealed class CampaignQueue(int limit)
{
    private readonly Lock _gate = new();
    private readonly Channel<QueuedCampaign> _channel = Channel.CreateUnbounded<QueuedCampaign>();
    private int _waiting;

    /// <summary>Most that may wait for their turn.</summary>
    public int Limit => limit;

    /// <summary>Whether no more are taken because the daemon stops.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Takes no more.</summary>
    public void Close()
    {
        IsClosed = true;
        _channel.Writer.TryComplete();
    }

    /// <summary>Adds a campaign; false when as many wait as may, or none are taken any more.</summary>
    public bool TryAdd(QueuedCampaign campaign)
    {
        lock (_gate)
        {
            if (_waiting >= limit || !_channel.Writer.TryWrite(campaign))
            {
                return false;
            }

            _waiting++;
            return true;
        }
    }

    /// <summary>A campaign taken out of the queue waits no longer: its turn came, or it ended before.</summary>
    /// <remarks>Being taken out is not enough: until its turn it waits for its bench, and keeps its network and images in memory.</remarks>
    public void Leave()
    {
        lock (_gate)
        {
            _waiting--;
        }
    }

    /// <summary>The campaigns in their order, as they come.</summary>
    public IAsyncEnumerable<QueuedCampaign> ReadAllAsync(CancellationToken cancellationToken) => _channel.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Those that still wait, taken out of the queue.</summary>
    public IEnumerable<QueuedCampaign> Drain()
    {
        while (_channel.Reader.TryRead(out QueuedCampaign? campaign))
        {
            yield return campaign;
        }
    }
}
