using AnalogHil.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace AnalogHil.Rpc.Server;

/// <summary>What must hold before a request is a gRPC call at all.</summary>
internal static class CallAdmission
{
    /// <summary>Whether the request speaks gRPC; if not, the HTTP status that says why.</summary>
    public static bool IsGrpcCall(HttpContext http, out int refusal)
    {
        refusal = 0;
        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            refusal = StatusCodes.Status426UpgradeRequired;
        }
        else if (!HttpMethods.IsPost(http.Request.Method))
        {
            refusal = StatusCodes.Status405MethodNotAllowed;
        }
        else if (!HeaderNames.IsGrpc(http.Request.ContentType))
        {
            refusal = StatusCodes.Status415UnsupportedMediaType;
        }

        return refusal == 0;
    }

    /// <summary>Time that the call may take: what the client asks for, within the server's limit; null: no limit.</summary>
    /// <exception cref="RpcException">INTERNAL: the timeout is malformed.</exception>
    public static TimeSpan? Timeout(HttpContext http, TimeSpan? limit)
    {
        string? header = http.Request.Headers[HeaderNames.Timeout];
        if (header is null)
        {
            return limit;
        }

        if (!GrpcTimeout.TryParse(header, out TimeSpan asked))
        {
            throw new RpcException(new Status(
                StatusCode.Internal, $"{HeaderNames.Timeout} '{Shorten(header)}' is malformed; it is 1 to 8 digits and one of H, M, S, m, u, n."));
        }

        return limit is null || asked < limit ? asked : limit;
    }

    /// <summary>Encoding of the request's messages; null: identity.</summary>
    /// <exception cref="RpcException">UNIMPLEMENTED: not one that this side reads.</exception>
    public static string? Encoding(HttpContext http)
    {
        string? encoding = http.Request.Headers[HeaderNames.Encoding];
        if (Compression.IsKnown(encoding))
        {
            return encoding;
        }

        http.Response.Headers[HeaderNames.AcceptEncoding] = HeaderNames.AcceptedEncodings;
        throw new RpcException(new Status(
            StatusCode.Unimplemented, $"{HeaderNames.Encoding} '{Shorten(encoding!)}' is not supported; use one of {HeaderNames.AcceptedEncodings}."));
    }

    private static string Shorten(string text) => text.Length <= 32 ? text : text[..32] + "...";
}
