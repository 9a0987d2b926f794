using System.Net;
using AnalogHil.Rpc.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Addresses on which Kestrel serves gRPC.</summary>
public static class RpcKestrelExtensions
{
    /// <summary>Silence after which a client is pinged, when nothing else is said.</summary>
    public static TimeSpan UsualKeepAlive { get; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Serves on a Unix socket, with HTTP/2 in clear. A socket that a dead server left is removed; its directory is made, for this user only.
    /// </summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="path">Path of the socket, at most 107 bytes.</param>
    /// <param name="keepAlive">Silence after which a client is pinged, at least 1 s; an answer that takes as long again ends the connection. It holds for
    /// all addresses of the server. Null: <see cref="UsualKeepAlive"/>.</param>
    /// <exception cref="InvalidOperationException">The path is too long, is not a socket, or another server listens on it.</exception>
    public static void ListenRpcUnixSocket(this KestrelServerOptions kestrel, string path, TimeSpan? keepAlive = null)
    {
        string full = UnixSocketFile.Prepare(path);
        SetLimits(kestrel, keepAlive);
        kestrel.ListenUnixSocket(full, listen => listen.Protocols = HttpProtocols.Http2);
    }

    /// <summary>Serves on 127.0.0.1, with HTTP/2 in clear.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="port">TCP port; 0: the system chooses one.</param>
    /// <param name="keepAlive">As of <see cref="ListenRpcUnixSocket"/>.</param>
    public static void ListenRpcLoopback(this KestrelServerOptions kestrel, int port, TimeSpan? keepAlive = null)
    {
        SetLimits(kestrel, keepAlive);
        kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
    }

    /// <summary>Serves with HTTP/2 over TLS; the only way to be reached from other machines.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="endpoint">Address and TCP port; port 0: the system chooses one.</param>
    /// <param name="tls">Identity of the server and whom it lets in.</param>
    /// <param name="keepAlive">As of <see cref="ListenRpcUnixSocket"/>.</param>
    /// <exception cref="ArgumentException">The certificate has no private key, or the list of client authorities is empty.</exception>
    public static void ListenRpcTls(this KestrelServerOptions kestrel, IPEndPoint endpoint, RpcServerTls tls, TimeSpan? keepAlive = null)
    {
        ArgumentNullException.ThrowIfNull(tls);
        SetLimits(kestrel, keepAlive);
        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(tls.Configure);
        });
    }

    private static void SetLimits(KestrelServerOptions kestrel, TimeSpan? keepAlive)
    {
        // A reader may pause a stream for long (a stopped terminal); pings tell it from a peer that is gone.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.KeepAlivePingDelay = keepAlive ?? UsualKeepAlive;
        kestrel.Limits.Http2.KeepAlivePingTimeout = keepAlive ?? UsualKeepAlive;
    }
}
