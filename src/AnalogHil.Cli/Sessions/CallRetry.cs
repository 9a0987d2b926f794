using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using Google.Rpc;
using Grpc.Core;
using Polly;
using Polly.Retry;

namespace AnalogHil.Cli.Sessions;

/// <summary>
/// Makes a call again where the contract allows it: the daemon says that it was certainly not executed, or nobody knows whether it arrived and its
/// request id makes a repetition harmless. Everything else is for the caller to decide.
/// </summary>
internal static class CallRetry
{
    private const int Attempts = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);

    /// <summary>The pipeline.</summary>
    /// <param name="repeatable">Whether the call changes nothing, or carries a request id.</param>
    /// <param name="time">The clock.</param>
    public static ResiliencePipeline Of(bool repeatable, TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is RpcException failure && MayRepeat(failure, repeatable)),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Exception is RpcException failure ? PauseOf(failure) : null),
            MaxRetryAttempts = Attempts,
            Delay = FirstPause,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    /// <summary>Whether the contract allows the same call again.</summary>
    public static bool MayRepeat(RpcException failure, bool repeatable)
    {
        Google.Rpc.Status? status = failure.GetRpcStatus();
        return status is not null && ErrorStatus.ReasonOf(status) is var reason && reason != V1.ErrorReason.Unspecified
            ? RetryClasses.Of(reason) == RetryClass.Later
            : repeatable && failure.StatusCode == StatusCode.Unavailable;
    }

    /// <summary>The pause that the daemon asks for; null: the usual one.</summary>
    public static TimeSpan? PauseOf(RpcException failure) => failure.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan();
}
