namespace AnalogHil.Rpc.Wire;

/// <summary>Header names and values of gRPC over HTTP/2.</summary>
internal static class HeaderNames
{
    public const string ContentType = "application/grpc";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Timeout = "grpc-timeout";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string StatusDetails = "grpc-status-details-bin";
    public const string AcceptedEncodings = "identity,gzip";

    // Header names that belong to HTTP or to gRPC itself and therefore never carry metadata of a user.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "content-type", "content-length", "te", "host", "user-agent", "date", "server", "connection", "transfer-encoding", "trailer",
        "upgrade", "keep-alive", Encoding, AcceptEncoding, Timeout, Status, Message,
    };

    public static bool IsReserved(string name) => name.StartsWith(':') || Reserved.Contains(name);

    /// <summary>Accepts application/grpc, application/grpc+proto and parameters after ';'.</summary>
    public static bool IsGrpc(string? contentType)
    {
        ReadOnlySpan<char> type = contentType;
        int parameters = type.IndexOf(';');
        type = (parameters < 0 ? type : type[..parameters]).Trim();
        return type.Equals(ContentType, StringComparison.OrdinalIgnoreCase) || type.Equals(ContentType + "+proto", StringComparison.OrdinalIgnoreCase);
    }
}
