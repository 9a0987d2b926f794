using AnalogHil.Rpc.Server;
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
}
