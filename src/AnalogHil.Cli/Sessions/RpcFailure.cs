using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Cli.Sessions;

/// <summary>What a refused call says.</summary>
internal static class RpcFailure
{
    /// <summary>The google.rpc.Status of a refused call; made of code and message where the server sent none.</summary>
    public static Google.Rpc.Status StatusOf(RpcException failure) =>
        failure.GetRpcStatus() ?? new Google.Rpc.Status { Code = (int)failure.StatusCode, Message = failure.Status.Detail };

    /// <summary>Exit code of a status: by its reason, or by its code where it has none of ours.</summary>
    public static ExitCode ExitCodeOf(Google.Rpc.Status status)
    {
        ErrorReason reason = ErrorStatus.ReasonOf(status);
        if (reason != ErrorReason.Unspecified)
        {
            return ExitCodes.Of(reason);
        }

        return (StatusCode)status.Code is StatusCode.Unavailable or StatusCode.Unimplemented or StatusCode.DeadlineExceeded
            ? ExitCode.Unavailable
            : ExitCode.Internal;
    }
}
