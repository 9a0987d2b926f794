using System.Net.Http.Headers;
using Grpc.Core;

namespace AnalogHil.Rpc.Client;

/// <summary>
/// Connections to one server over HTTP/2: a Unix socket or loopback TCP in clear, or TLS. Connects at the first call; safe for concurrent calls.
/// </summary>
public sealed class RpcChannel : ChannelBase, IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _shutdown = new();

    private RpcChannel(string target, RpcAddress address, RpcChannelOptions options)
        : base(target)
    {
        Address = address;
        Options = options;
        Closed = _shutdown.Token;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = options.KeepAlive,
            KeepAlivePingTimeout = options.KeepAlive,
        };
        if (options.Tls is not null)
        {
            handler.SslOptions = address.Base.Scheme == Uri.UriSchemeHttps
                ? options.Tls.ToSslOptions()
                : throw new ArgumentException($"Address '{target}' is in clear, but TLS is asked for; use https://host:port.", nameof(options));
        }

        if (address.SocketPath is not null)
        {
            handler.ConnectCallback = (_, cancellationToken) => address.ConnectUnixAsync(cancellationToken);
        }

        _http = new HttpMessageInvoker(handler);
    }

    internal static ProductInfoHeaderValue UserAgent { get; } =
        new("analoghil-rpc", typeof(RpcChannel).Assembly.GetName().Version?.ToString(3) ?? "0.0.0");

    internal RpcAddress Address { get; }

    internal RpcChannelOptions Options { get; }

    /// <summary>Cancelled when the channel closes.</summary>
    internal CancellationToken Closed { get; }

    /// <summary>A channel to a server; nothing is sent yet.</summary>
    /// <param name="address">"unix:/path/to/socket", "http://127.0.0.1:port" or "https://host:port".</param>
    /// <param name="options">Limits; null: the defaults.</param>
    /// <exception cref="ArgumentException">The address has another form, or TLS is asked for on one in clear.</exception>
    public static RpcChannel ForAddress(string address, RpcChannelOptions? options = null) =>
        new(address, RpcAddress.Parse(address), options ?? new RpcChannelOptions());

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker() => new HttpCallInvoker(this);

    /// <summary>Cancels the calls under way and closes the connections.</summary>
    public void Dispose()
    {
        if (!_shutdown.IsCancellationRequested)
        {
            _shutdown.Cancel();
            _http.Dispose();
        }
    }

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }
}
