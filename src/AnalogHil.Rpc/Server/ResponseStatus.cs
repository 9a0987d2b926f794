using System.Globalization;
using AnalogHil.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AnalogHil.Rpc.Server;

/// <summary>Ends a response with its status: in the trailers, or in the headers if none have been sent ("trailers-only").</summary>
internal static class ResponseStatus
{
    /// <summary>Writes status and trailers; the response must not have ended.</summary>
    public static void Write(HttpResponse response, Status status, Metadata trailers)
    {
        Append(response, HeaderNames.Status, ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture));
        if (status.Detail.Length > 0)
        {
            Append(response, HeaderNames.Message, PercentEncoding.Encode(status.Detail));
        }

        foreach (Metadata.Entry entry in trailers)
        {
            if (!HeaderNames.IsReserved(entry.Key))
            {
                Append(response, entry.Key, MetadataText.Format(entry));
            }
        }
    }

    private static void Append(HttpResponse response, string name, string value)
    {
        if (response.HasStarted)
        {
            response.AppendTrailer(name, value);
        }
        else
        {
            response.Headers[name] = StringValues.Concat(response.Headers[name], value);
        }
    }
}
