using System.Threading.Channels;

namespace AnalogHil.Daemon.Operations;

/// <summary>Campaigns that wait for their turn.</summary>
internal sealed class CampaignQueue(int limit)
{
    private readonly Channel<QueuedCampaign> _channel =
        Channel.CreateBounded<QueuedCampaign>(new BoundedChannelOptions(limit) { FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Most that may wait.</summary>
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
    public bool TryAdd(QueuedCampaign campaign) => _channel.Writer.TryWrite(campaign);

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
