using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;

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
}
