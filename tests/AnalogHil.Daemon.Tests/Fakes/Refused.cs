using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Grpc.Core;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>Reads why a call was refused.</summary>
internal static class Refused
{
    public static async Task<(ErrorReason Reason, string Message)> ByAsync(Func<Task> call)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(call);
        return (refused.GetRpcStatus() is { } status ? ErrorStatus.ReasonOf(status) : ErrorReason.Unspecified, refused.Status.Detail);
    }
}
