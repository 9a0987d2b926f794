namespace Grpc.Core;

/// <summary>What a handler knows of the call it serves.</summary>
public abstract class ServerCallContext
{
    /// <summary>The path: "/package.Service/Method".</summary>
    public string Method => MethodCore;

    /// <summary>The authority that the client addressed.</summary>
    public string Host => HostCore;

    /// <summary>Where the call comes from: "unix:path", "ipv4:address:port" or "ipv6:[address]:port".</summary>
    public string Peer => PeerCore;

    /// <summary>UTC instant at which the call ends; <see cref="DateTime.MaxValue"/>: never.</summary>
    public DateTime Deadline => DeadlineCore;

    /// <summary>Metadata of the request.</summary>
    public Metadata RequestHeaders => RequestHeadersCore;

    /// <summary>Cancelled when the client cancels or goes away, and at the deadline.</summary>
    public CancellationToken CancellationToken => CancellationTokenCore;

    /// <summary>Metadata to send after the status.</summary>
    public Metadata ResponseTrailers => ResponseTrailersCore;

    /// <summary>Status that a handler which returns normally ends the call with.</summary>
    public Status Status
    {
        get => StatusCore;
        set => StatusCore = value;
    }

    /// <summary>Options of the response messages.</summary>
    public WriteOptions? WriteOptions
    {
        get => WriteOptionsCore;
        set => WriteOptionsCore = value;
    }

    /// <summary>Values that belong to this call.</summary>
    public IDictionary<object, object> UserState => UserStateCore;

    /// <summary>See <see cref="Method"/>.</summary>
    protected abstract string MethodCore { get; }

    /// <summary>See <see cref="Host"/>.</summary>
    protected abstract string HostCore { get; }

    /// <summary>See <see cref="Peer"/>.</summary>
    protected abstract string PeerCore { get; }

    /// <summary>See <see cref="Deadline"/>.</summary>
    protected abstract DateTime DeadlineCore { get; }

    /// <summary>See <see cref="RequestHeaders"/>.</summary>
    protected abstract Metadata RequestHeadersCore { get; }

    /// <summary>See <see cref="CancellationToken"/>.</summary>
    protected abstract CancellationToken CancellationTokenCore { get; }

    /// <summary>See <see cref="ResponseTrailers"/>.</summary>
    protected abstract Metadata ResponseTrailersCore { get; }

    /// <summary>See <see cref="Status"/>.</summary>
    protected abstract Status StatusCore { get; set; }

    /// <summary>See <see cref="WriteOptions"/>.</summary>
    protected abstract WriteOptions? WriteOptionsCore { get; set; }

    /// <summary>See <see cref="UserState"/>.</summary>
    protected virtual IDictionary<object, object> UserStateCore => throw new NotImplementedException();

    /// <summary>Sends the response headers now; at the latest they leave with the first response.</summary>
    /// <param name="responseHeaders">Metadata to send.</param>
    /// <exception cref="InvalidOperationException">The headers have been sent.</exception>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => WriteResponseHeadersAsyncCore(responseHeaders);

    /// <summary>See <see cref="WriteResponseHeadersAsync"/>.</summary>
    /// <param name="responseHeaders">Metadata to send.</param>
    protected abstract Task WriteResponseHeadersAsyncCore(Metadata responseHeaders);
}
