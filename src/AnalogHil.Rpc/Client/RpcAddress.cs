using System.Net.Sockets;

namespace AnalogHil.Rpc.Client;

/// <summary>Where a server listens.</summary>
/// <param name="Base">Base address of the requests.</param>
/// <param name="SocketPath">Path of the Unix socket; null: TCP.</param>
internal sealed record RpcAddress(Uri Base, string? SocketPath)
{
    private static readonly string[] UnixPrefixes = ["http://unix:", "unix://", "unix:"];

    /// <summary>Reads "unix:/path", "unix:///path", "http://unix:/path", "http://host:port" or "https://host:port".</summary>
    /// <exception cref="ArgumentException">Another form.</exception>
    public static RpcAddress Parse(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        foreach (string prefix in UnixPrefixes)
        {
            if (address.StartsWith(prefix, StringComparison.Ordinal) && address.Length > prefix.Length)
            {
                return new RpcAddress(new Uri("http://localhost/"), Path.GetFullPath(address[prefix.Length..]));
            }
        }

        return Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.PathAndQuery == "/"
            ? new RpcAddress(uri, null)
            : throw new ArgumentException(
                $"Address '{address}' is not known; use unix:/path/to/socket, http://127.0.0.1:port or https://host:port.", nameof(address));
    }

    /// <summary>Opens a connection to the Unix socket.</summary>
    public async ValueTask<Stream> ConnectUnixAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath!), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
