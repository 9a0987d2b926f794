using System.Globalization;
using System.Net.Http.Headers;
using AnalogHil.Rpc.Wire;
using Grpc.Core;

namespace AnalogHil.Rpc.Client;

/// <summary>Reads metadata and status out of response headers and trailers.</summary>
internal static class ResponseMetadata
{
    /// <summary>What is not the protocol's own.</summary>
    public static Metadata Read(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            foreach (string value in values)
            {
                MetadataText.Read(metadata, name, value);
            }
        }

        return metadata;
    }

    /// <summary>The first value of a header, or null.</summary>
    public static string? First(HttpHeaders headers, string name)
    {
        if (headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
        {
            foreach (string value in values)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The end of the call that these headers or trailers tell; null: they tell none.</summary>
    public static CallEnd? ReadEnd(HttpHeaders headers)
    {
        if (First(headers, HeaderNames.Status) is not { } code)
        {
            return null;
        }

        string detail = PercentEncoding.Decode(First(headers, HeaderNames.Message) ?? "");
        Status status = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && Enum.IsDefined((StatusCode)number)
            ? new Status((StatusCode)number, detail)
            : new Status(StatusCode.Unknown, $"The server's {HeaderNames.Status} is '{code}', which is no known code. {detail}".TrimEnd());
        return new CallEnd(status, Read(headers));
    }

    /// <summary>The status of a response that is not gRPC; null: it is gRPC.</summary>
    public static Status? Refusal(HttpResponseMessage response)
    {
        int http = (int)response.StatusCode;
        if (http == 200)
        {
            string? type = response.Content.Headers.ContentType?.ToString();
            return HeaderNames.IsGrpc(type)
                ? null
                : new Status(StatusCode.Unknown,
                    $"The answer's content type is '{type}', not {HeaderNames.ContentType}; the address is not that of a gRPC server.");
        }

        StatusCode code = http switch
        {
            400 => StatusCode.Internal,
            401 => StatusCode.Unauthenticated,
            403 => StatusCode.PermissionDenied,
            404 => StatusCode.Unimplemented,
            429 or 502 or 503 or 504 => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        };
        return new Status(code,
            $"The server answered HTTP {http} ({response.ReasonPhrase}); the address is not that of a gRPC server, or something between refused the call.");
    }
}
