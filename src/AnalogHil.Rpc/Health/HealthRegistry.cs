using System.Threading.Channels;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace AnalogHil.Rpc.Health;

/// <summary>Whether each service can serve now, as <c>grpc.health.v1</c> tells it. The empty name is the server as a whole: NOT_SERVING until set.</summary>
public sealed class HealthRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal) { [""] = ServingStatus.NotServing };
    private readonly List<(string Service, ChannelWriter<ServingStatus> Writer)> _watchers = [];

    /// <summary>The statuses now, by service.</summary>
    public IReadOnlyDictionary<string, ServingStatus> Statuses
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<string, ServingStatus>(_statuses, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Sets the status of a service and tells its watchers if it differs.</summary>
    /// <param name="service">Full name of the service; empty: the server as a whole.</param>
    /// <param name="status">Serving or not.</param>
    public void Set(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            if (_statuses.TryGetValue(service, out ServingStatus old) && old == status)
            {
                return;
            }

            _statuses[service] = status;
            foreach ((string watched, ChannelWriter<ServingStatus> writer) in _watchers)
            {
                if (watched == service)
                {
                    writer.TryWrite(status);
                }
            }
        }
    }

    /// <summary>The status of a service; null: unknown.</summary>
    /// <param name="service">Full name of the service; empty: the server as a whole.</param>
    public ServingStatus? Find(string service)
    {
        lock (_gate)
        {
            return _statuses.TryGetValue(service, out ServingStatus status) ? status : null;
        }
    }

    /// <summary>The status now, then each change; of changes that come faster than they are read only the last counts.</summary>
    /// <param name="service">Full name of the service; unknown ones are watched too.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<ServingStatus> WatchAsync(
        string service, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Channel<ServingStatus> channel = Channel.CreateBounded<ServingStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            channel.Writer.TryWrite(_statuses.TryGetValue(service, out ServingStatus now) ? now : ServingStatus.ServiceUnknown);
            _watchers.Add((service, channel.Writer));
        }

        try
        {
            await foreach (ServingStatus status in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return status;
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove((service, channel.Writer));
            }
        }
    }
}
