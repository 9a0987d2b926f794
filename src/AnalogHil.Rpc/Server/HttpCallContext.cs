using System.Net;
using System.Net.Sockets;
using AnalogHil.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace AnalogHil.Rpc.Server;

/// <summary>What a handler knows of a call that came over HTTP/2.</summary>
internal sealed class HttpCallContext(HttpContext http, string method, CallClock clock, Func<Metadata, Task> start) : ServerCallContext
{
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private Dictionary<object, object>? _userState;

    /// <summary>The HTTP request and response of the call.</summary>
    public HttpContext Http => http;

    /// <inheritdoc/>
    protected override string MethodCore => method;

    /// <inheritdoc/>
    protected override string HostCore => http.Request.Host.Value ?? "";

    /// <inheritdoc/>
    protected override string PeerCore => http.Connection.RemoteIpAddress is { } ip
        ? $"{(ip.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4")}:{new IPEndPoint(ip, http.Connection.RemotePort)}"
        : $"unix:{http.Features.Get<IConnectionSocketFeature>()?.Socket.LocalEndPoint}";

    /// <inheritdoc/>
    protected override DateTime DeadlineCore => clock.Instant;

    /// <inheritdoc/>
    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadHeaders();

    /// <inheritdoc/>
    protected override CancellationToken CancellationTokenCore => clock.Token;

    /// <inheritdoc/>
    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    /// <inheritdoc/>
    protected override Status StatusCore { get; set; }

    /// <inheritdoc/>
    protected override WriteOptions? WriteOptionsCore { get; set; }

    /// <inheritdoc/>
    protected override IDictionary<object, object> UserStateCore => _userState ??= [];

    /// <inheritdoc/>
    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        return start(responseHeaders);
    }

    private Metadata ReadHeaders()
    {
        var metadata = new Metadata();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in http.Request.Headers)
        {
            foreach (string? value in values)
            {
                MetadataText.Read(metadata, name, value ?? "");
            }
        }

        return metadata;
    }
}
