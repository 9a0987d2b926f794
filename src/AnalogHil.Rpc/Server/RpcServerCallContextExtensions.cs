using System.Security.Cryptography.X509Certificates;
using AnalogHil.Rpc.Server;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>What lies below a call.</summary>
public static class RpcServerCallContextExtensions
{
    /// <summary>The HTTP request and response of a call.</summary>
    /// <param name="context">A call of this server.</param>
    /// <exception cref="ArgumentException">The call does not come over HTTP.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext context) =>
        (context as HttpCallContext)?.Http ?? throw new ArgumentException("This call does not come over HTTP, so it has no HttpContext.", nameof(context));

    /// <summary>Who is at the other end of the Unix socket, as the kernel says; null: the call does not come over one.</summary>
    /// <param name="context">A call of this server.</param>
    /// <exception cref="PlatformNotSupportedException">A Unix socket on a system other than Linux.</exception>
    public static PeerCredentials? GetPeerCredentials(this ServerCallContext context) =>
        GetHttpContext(context).Features.Get<IConnectionSocketFeature>()?.Socket is { } socket ? PeerCredentials.Of(socket) : null;

    /// <summary>Certificate that the client has proven to hold, checked against the authorities of the endpoint; null: it has shown none.</summary>
    /// <param name="context">A call of this server.</param>
    public static X509Certificate2? GetClientCertificate(this ServerCallContext context) => GetHttpContext(context).Connection.ClientCertificate;
}
