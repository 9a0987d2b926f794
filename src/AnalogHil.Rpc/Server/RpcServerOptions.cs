namespace AnalogHil.Rpc.Server;

/// <summary>Limits of the server; they hold for every service.</summary>
public sealed class RpcServerOptions
{
    /// <summary>Size of a message that gRPC peers expect to be allowed, bytes.</summary>
    public const int DefaultMaxMessageLength = 4 * 1024 * 1024;

    /// <summary>Largest request message, bytes; a larger one ends the call with RESOURCE_EXHAUSTED.</summary>
    /// <value>4 MiB.</value>
    public int MaxReceiveMessageLength { get; set; } = DefaultMaxMessageLength;

    /// <summary>Largest response message, bytes; null: no limit.</summary>
    /// <value>4 MiB.</value>
    public int? MaxSendMessageLength { get; set; } = DefaultMaxMessageLength;

    /// <summary>
    /// Smallest response message that is sent in gzip to a client that accepts it, bytes; null: none is. A write with <c>WriteFlags.NoCompress</c> stays
    /// plain.
    /// </summary>
    /// <value>None.</value>
    public int? GzipFrom { get; set; }

    /// <summary>Longest call; a client that asks for more, or names no deadline, gets this one. Null: no limit.</summary>
    /// <value>None.</value>
    public TimeSpan? MaxCallDuration { get; set; }

    /// <summary>Longest call without a stream in either direction; holds beside <see cref="MaxCallDuration"/>. Null: no limit of its own.</summary>
    /// <value>None.</value>
    public TimeSpan? MaxUnaryDuration { get; set; }

    /// <summary>How long the status of a call past its deadline may wait for a client that does not read, before the stream is reset.</summary>
    /// <value>1 s.</value>
    public TimeSpan CompletionGrace { get; set; } = TimeSpan.FromSeconds(1);
}
