using AnalogHil.Cli.Sessions;
using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Grpc.Core;
using Polly;

namespace AnalogHil.Cli.Tests.Sessions;

public sealed class CallRetryTests
{
    [Theory]
    [InlineData(ErrorReason.DeviceUnavailable, true)]
    [InlineData(ErrorReason.QueueFull, true)]
    [InlineData(ErrorReason.OutcomeUnknown, false)]
    [InlineData(ErrorReason.Stale, false)]
    [InlineData(ErrorReason.LeaseHeld, false)]
    [InlineData(ErrorReason.RequestInvalid, false)]
    public void MayRepeat_ReasonOfTheDaemon_DecidesByItsRetryClass(ErrorReason reason, bool expected)
    {
        RpcException failure = ErrorStatus.Of(new CampaignException(reason, "why")).ToRpcException();

        Assert.Equal(expected, CallRetry.MayRepeat(failure, repeatable: true));
        Assert.Equal(expected, CallRetry.MayRepeat(failure, repeatable: false));
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, true, true)]
    [InlineData(StatusCode.Unavailable, false, false)]
    [InlineData(StatusCode.Internal, true, false)]
    [InlineData(StatusCode.DeadlineExceeded, true, false)]
    public void MayRepeat_FailedOnItsWay_OnlyWhereRepeatingIsHarmless(StatusCode code, bool repeatable, bool expected) =>
        Assert.Equal(expected, CallRetry.MayRepeat(new RpcException(new Status(code, "cut")), repeatable));

    [Fact]
    public void PauseOf_WhatTheDaemonAsksFor_IsTaken()
    {
        Assert.Equal(TimeSpan.FromSeconds(10), CallRetry.PauseOf(ErrorStatus.Of(new CampaignException(ErrorReason.QueueFull, "full")).ToRpcException()));
        Assert.Null(CallRetry.PauseOf(new RpcException(new Status(StatusCode.Unavailable, "cut"))));
    }

    [Fact]
    public async Task Of_CallSucceedsAtLast_IsMadeAgainAndAtMostFourTimes()
    {
        var time = new JumpingTime();
        ResiliencePipeline pipeline = CallRetry.Of(repeatable: true, time);
        int calls = 0;
        int reply = await pipeline.ExecuteAsync(_ => ++calls < 3 ? throw new RpcException(new Status(StatusCode.Unavailable, "cut")) : ValueTask.FromResult(calls));
        Assert.Equal(3, reply);

        calls = 0;
        await Assert.ThrowsAsync<RpcException>(async () => await pipeline.ExecuteAsync<int>(_ =>
        {
            calls++;
            throw new RpcException(new Status(StatusCode.Unavailable, "cut"));
        }));
        Assert.Equal(4, calls);
        Assert.True(time.Waited > TimeSpan.FromSeconds(1));
    }

    /// <summary>A clock whose timers are due at once.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        public TimeSpan Waited { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
            {
                Waited += dueTime;
            }

            return base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
        }
    }
}
