using AnalogHil.Rpc.Server;

namespace AnalogHil.Rpc.Client;

/// <summary>Limits of a channel.</summary>
public sealed class RpcChannelOptions
{
    /// <summary>Largest response message, bytes; null: no limit.</summary>
    /// <value>4 MiB.</value>
    public int? MaxReceiveMessageLength { get; init; } = RpcServerOptions.DefaultMaxMessageLength;

    /// <summary>Largest request message, bytes; null: no limit.</summary>
    /// <value>None.</value>
    public int? MaxSendMessageLength { get; init; }

    /// <summary>Smallest request message that is sent in gzip, bytes; null: none is. A write with <c>WriteFlags.NoCompress</c> stays plain.</summary>
    /// <value>None.</value>
    public int? GzipFrom { get; init; }

    /// <summary>Longest wait for a connection; then UNAVAILABLE.</summary>
    /// <value>5 s.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which the server is pinged while a call is open; an answer that takes as long again ends the connection.</summary>
    /// <value>20 s.</value>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Trust and identity on an https address; null: the system's trust and no client certificate.</summary>
    /// <value>Null.</value>
    public RpcChannelTls? Tls { get; init; }

    /// <summary>Clock of the deadlines.</summary>
    /// <value><see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
