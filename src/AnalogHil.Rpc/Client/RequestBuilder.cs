using System.Net;
using System.Net.Http.Headers;
using AnalogHil.Rpc.Wire;
using Grpc.Core;

namespace AnalogHil.Rpc.Client;

/// <summary>The HTTP/2 request of a call.</summary>
internal static class RequestBuilder
{
    /// <summary>Builds the request.</summary>
    /// <param name="address">Where the server is.</param>
    /// <param name="method">The method to call.</param>
    /// <param name="host">Authority; null: that of the address.</param>
    /// <param name="metadata">Metadata of the user; null: none.</param>
    /// <param name="timeout">Time left to the deadline; null: none.</param>
    /// <param name="gzip">Whether messages may be in gzip.</param>
    /// <param name="content">The body.</param>
    public static HttpRequestMessage Build(
        RpcAddress address, IMethod method, string? host, Metadata? metadata, TimeSpan? timeout, bool gzip, HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(HeaderNames.ContentType);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address.Base, method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        HttpRequestHeaders headers = request.Headers;
        headers.Host = host;
        headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        headers.UserAgent.Add(RpcChannel.UserAgent);
        headers.TryAddWithoutValidation(HeaderNames.AcceptEncoding, HeaderNames.AcceptedEncodings);
        if (gzip)
        {
            headers.TryAddWithoutValidation(HeaderNames.Encoding, Compression.Gzip);
        }

        if (timeout is { } left)
        {
            headers.TryAddWithoutValidation(HeaderNames.Timeout, GrpcTimeout.Format(left));
        }

        foreach (Metadata.Entry entry in metadata ?? Metadata.Empty)
        {
            if (!HeaderNames.IsReserved(entry.Key))
            {
                headers.TryAddWithoutValidation(entry.Key, MetadataText.Format(entry));
            }
        }

        return request;
    }
}
