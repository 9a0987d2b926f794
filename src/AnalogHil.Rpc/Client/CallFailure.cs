using Grpc.Core;

namespace AnalogHil.Rpc.Client;

/// <summary>The status of a call that failed below gRPC.</summary>
internal static class CallFailure
{
    /// <summary>Finds the cause in the exceptions that HTTP threw.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="target">Address of the server.</param>
    public static Status Of(Exception exception, string target)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case RpcException rpc:
                    return rpc.Status;
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }:
                    return new Status(
                        StatusCode.Unavailable,
                            $"Cannot connect to {target}: {Innermost(e).Message}; is the server running there, and may you open the address?", exception);
                case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }:
                    return new Status(
                        StatusCode.Unavailable,
                            $"No trusted TLS connection to {target}: {Innermost(e).Message} Check its name, the authorities and the client certificate.",
                            exception);
                // NO_ERROR is what a server that stops says of the whole connection (GOAWAY): the call was cut with it.
                case HttpProtocolException { ErrorCode: 0 }:
                    return new Status(
                        StatusCode.Unavailable,
                            $"{target} closed the connection before the call ended; it is stopping or restarting. The call may have been executed.", exception);
                case HttpProtocolException protocol:
                    return new Status(CodeOf(protocol.ErrorCode), $"{target} ended the call with HTTP/2 error {protocol.ErrorCode}.", exception);
            }
        }

        return exception switch
        {
            OperationCanceledException => new Status(StatusCode.Unavailable, $"Connecting to {target} took too long; is the server running there?", exception),
            HttpRequestException or IOException => new Status(
                StatusCode.Unavailable, $"The connection to {target} was lost: {Innermost(exception).Message} The call may have been executed.", exception),
            _ => new Status(StatusCode.Internal, $"The call to {target} failed on this side: {exception.Message}", exception),
        };
    }

    // gRPC over HTTP2, section "Errors".
    private static StatusCode CodeOf(long http2Error) => http2Error switch
    {
        7 => StatusCode.Unavailable,
        8 => StatusCode.Cancelled,
        11 => StatusCode.ResourceExhausted,
        12 => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };

    private static Exception Innermost(Exception exception) => exception.GetBaseException();
}
