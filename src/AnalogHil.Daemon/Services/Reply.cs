using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Precision;
using AnalogHil.Rpc.Errors;
using Grpc.Core;

namespace AnalogHil.Daemon.Services;

/// <summary>Answers a call, or refuses it with a google.rpc.Status.</summary>
internal static class Reply
{
    /// <summary>The answer, or the refusal of a <see cref="CampaignException"/>.</summary>
    public static Task<T> From<T>(Func<T> answer)
    {
        try
        {
            return Task.FromResult(answer());
        }
        catch (CampaignException refused)
        {
            throw ErrorStatus.Of(refused).ToRpcException();
        }
    }

    /// <summary>The answer of a call that uses a device, or its refusal.</summary>
    /// <param name="bench">Bench that the call names.</param>
    /// <param name="answer">The answer.</param>
    public static async Task<T> FromAsync<T>(string bench, Func<Task<T>> answer)
    {
        try
        {
            return await answer().ConfigureAwait(false);
        }
        catch (Exception failure) when (Explain(failure, bench) is { } refused)
        {
            throw refused;
        }
    }

    /// <summary>The refusal that a failure stands for; null for a defect.</summary>
    public static RpcException? Explain(Exception failure, string bench) => failure switch
    {
        CampaignException refused => ErrorStatus.Of(refused).ToRpcException(),
        DeviceException device => ErrorStatus.Of(DeviceFailures.Explain(device, bench)).ToRpcException(),
        PrecisionException or MappingException => ErrorStatus.Of(PlanFailures.Explain(failure)).ToRpcException(),
        _ => null,
    };
}
