using System.Net;
using System.Net.Sockets;
using System.Text;
using AnalogHil.Rpc.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Addresses on which Kestrel serves gRPC.</summary>
public static class RpcKestrelExtensions
{
    // sun_path of sockaddr_un holds 108 bytes with the final zero.
    private const int LongestSocketPath = 107;

    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(20);

    /// <summary>Serves on a Unix socket, with HTTP/2 in clear. A socket that a dead server left is removed; its directory is made, for this user only.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="path">Path of the socket, at most 107 bytes.</param>
    /// <exception cref="InvalidOperationException">The path is too long, is not a socket, or another server listens on it.</exception>
    public static void ListenRpcUnixSocket(this KestrelServerOptions kestrel, string path)
    {
        string full = Path.GetFullPath(path);
        int bytes = Encoding.UTF8.GetByteCount(full);
        if (bytes > LongestSocketPath)
        {
            throw new InvalidOperationException($"Socket path {full} has {bytes} bytes, the system's limit is {LongestSocketPath}; choose a shorter one.");
        }

        string directory = Path.GetDirectoryName(full)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        RemoveStale(full);
        SetLimits(kestrel);
        kestrel.ListenUnixSocket(full, listen => listen.Protocols = HttpProtocols.Http2);
    }

    /// <summary>Serves on 127.0.0.1, with HTTP/2 in clear.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="port">TCP port; 0: the system chooses one.</param>
    public static void ListenRpcLoopback(this KestrelServerOptions kestrel, int port)
    {
        SetLimits(kestrel);
        kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
    }

    /// <summary>Serves with HTTP/2 over TLS; the only way to be reached from other machines.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="endpoint">Address and TCP port; port 0: the system chooses one.</param>
    /// <param name="tls">Identity of the server and whom it lets in.</param>
    /// <exception cref="ArgumentException">The certificate has no private key, or the list of client authorities is empty.</exception>
    public static void ListenRpcTls(this KestrelServerOptions kestrel, IPEndPoint endpoint, RpcServerTls tls)
    {
        ArgumentNullException.ThrowIfNull(tls);
        SetLimits(kestrel);
        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(tls.Configure);
        });
    }

    private static void SetLimits(KestrelServerOptions kestrel)
    {
        // A reader may pause a stream for long (a stopped terminal); pings tell it from a peer that is gone.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.KeepAlivePingDelay = PingAfter;
        kestrel.Limits.Http2.KeepAlivePingTimeout = PingAfter;
    }

    private static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException($"{path} is in the way ({e.Message}); remove it or choose another path.", e);
        }

        throw new InvalidOperationException($"Another server listens on {path}; stop it or choose another path.");
    }

    // A connection is refused by a plain file too, but only a socket cannot be opened: no file of a user is ever deleted.
    private static bool IsSocket(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
