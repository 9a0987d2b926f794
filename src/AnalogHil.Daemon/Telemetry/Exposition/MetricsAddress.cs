using System.Diagnostics.CodeAnalysis;
using System.Net;
using AnalogHil.Rpc.Server;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AnalogHil.Daemon.Telemetry.Exposition;

/// <summary>
/// Where a scraper finds the metrics: a port on loopback or a Unix socket. They are shown without asking who reads, so nobody else's machine reaches them.
/// </summary>
/// <param name="Endpoint">Address and port on loopback; null for a socket.</param>
/// <param name="SocketPath">Path of the socket; null for a port.</param>
public sealed record MetricsAddress(IPEndPoint? Endpoint, string? SocketPath)
{
    /// <summary>Path of the metrics.</summary>
    public const string Path = "/metrics";

    private static readonly object Mark = new();

    /// <summary>Reads "127.0.0.1:9464", "[::1]:9464", "localhost:9464" or "unix:/path/to/socket".</summary>
    /// <param name="text">The address.</param>
    /// <param name="address">What it says; null when it is refused.</param>
    /// <param name="refusal">Why it is refused.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out MetricsAddress? address, [NotNullWhen(false)] out string? refusal)
    {
        (address, refusal) = (null, null);
        if (text.StartsWith("unix:", StringComparison.Ordinal) && text.Length > 5)
        {
            address = new MetricsAddress(null, System.IO.Path.GetFullPath(text[5..]));
            return true;
        }

        string numeric = text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text["localhost".Length..] : text;
        if (!IPEndPoint.TryParse(numeric, out IPEndPoint? endpoint) || (endpoint.Port == 0 && !numeric.EndsWith(":0", StringComparison.Ordinal)))
        {
            refusal = $"metrics address '{text}' is not known; use 127.0.0.1:9464 or unix:/path/to/socket";
            return false;
        }

        if (!IPAddress.IsLoopback(endpoint.Address))
        {
            refusal = $"metrics address {text} can be reached from other machines, and metrics are shown without asking who reads; "
                + $"use 127.0.0.1:{endpoint.Port} or unix:/path, and a proxy that asks";
            return false;
        }

        address = new MetricsAddress(endpoint, null);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => SocketPath is null ? $"http://{Endpoint}{Path}" : $"unix:{SocketPath}";

    /// <summary>Whether a request came in here.</summary>
    internal static bool IsOver(HttpContext http) => http.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(Mark) == true;

    /// <summary>Has the server listen here, for HTTP/1.1 only: gRPC needs HTTP/2, so no method can be called here.</summary>
    internal void Listen(KestrelServerOptions kestrel)
    {
        if (SocketPath is null)
        {
            kestrel.Listen(Endpoint!, Configure);
        }
        else
        {
            kestrel.ListenUnixSocket(UnixSocketFile.Prepare(SocketPath), Configure);
        }
    }

    private static void Configure(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            connection.Items[Mark] = Mark;
            return next(connection);
        });
    }
}
