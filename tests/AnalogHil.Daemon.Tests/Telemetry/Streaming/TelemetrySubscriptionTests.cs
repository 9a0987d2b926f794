using AnalogHil.Daemon.Telemetry.Streaming;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Tests.Telemetry.Streaming;

public sealed class TelemetrySubscriptionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task Offer_MoreThanItHolds_LosesTheOldestAndSaysHowMany()
    {
        var subscription = new TelemetrySubscription(TelemetryFilter.All, 3, _time);
        for (int i = 1; i <= 8; i++)
        {
            subscription.Offer(Reads(i));
        }

        List<StreamResponse> seen = await TakeAsync(subscription, 3);

        Assert.Equal([(6L, 5L, 6L), (7L, 0L, 7L), (8L, 0L, 8L)], seen.Select(message => (message.Sequence, message.Dropped, message.Calls.Reads)));
        Assert.Equal(5, subscription.Dropped);
    }

    [Fact]
    public async Task Offer_WhatIsNotWanted_IsNeitherSentNorCountedAsDropped()
    {
        TelemetryFilter filter = TelemetryFilter.Of(new StreamRequest { Benches = { "a" }, Kinds = { SampleKind.Calls } });
        var subscription = new TelemetrySubscription(filter, 1, _time);

        subscription.Offer(Reads(1, "b"));
        subscription.Offer(new TelemetrySample(SampleKind.Fault, "a", new StreamResponse { Fault = new DeviceFailure() }));
        subscription.Offer(Reads(2, "a"));

        StreamResponse only = (await TakeAsync(subscription, 1))[0];
        Assert.Equal((1L, 0L, 2L), (only.Sequence, only.Dropped, only.Calls.Reads));
    }

    [Fact]
    public async Task Offer_WithAnInterval_SendsTheNewestOfEachBenchWhenItsTimeHasCome()
    {
        TelemetryFilter filter = TelemetryFilter.Of(new StreamRequest { Interval = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });
        var subscription = new TelemetrySubscription(filter, 10, _time);
        await using IAsyncEnumerator<StreamResponse> reader = subscription.ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        subscription.Offer(Reads(1));
        subscription.Offer(Reads(2));
        subscription.Offer(Reads(3));
        subscription.Offer(Reads(9, "b"));

        Assert.Equal([(1L, "a"), (9L, "b")], [await NextAsync(reader), await NextAsync(reader)]);
        ValueTask<bool> waits = reader.MoveNextAsync();
        Assert.True(SpinWait.SpinUntil(() => _time.Timers > 0, Limit));
        Assert.False(waits.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await waits.AsTask().WaitAsync(Limit));
        Assert.Equal((3L, 0L), (reader.Current.Calls.Reads, reader.Current.Dropped));
    }

    [Fact]
    public async Task Offer_FaultsWithAnInterval_AreAllSent()
    {
        TelemetryFilter filter = TelemetryFilter.Of(new StreamRequest { Interval = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });
        var subscription = new TelemetrySubscription(filter, 10, _time);
        for (int i = 0; i < 3; i++)
        {
            subscription.Offer(new TelemetrySample(SampleKind.Fault, "a", new StreamResponse { Fault = new DeviceFailure { Call = $"{i}" } }));
        }

        Assert.Equal(["0", "1", "2"], (await TakeAsync(subscription, 3)).Select(message => message.Fault.Call));
    }

    [Fact]
    public async Task ReadAllAsync_OfferedFromManyThreads_HasAllInFewMessagesWithoutAGapInTheNumbers()
    {
        var subscription = new TelemetrySubscription(TelemetryFilter.All, 64, _time);
        Task offering = Task.Run(() => Parallel.For(0, 10_000, i => subscription.Offer(Reads(i))));
        long last = 0;
        await foreach (StreamResponse message in subscription.ReadAllAsync(CancellationToken.None))
        {
            Assert.Equal(last + 1 + message.Dropped, message.Sequence);
            last = message.Sequence;
            if (last == 10_000)
            {
                break;
            }
        }

        await offering;
    }

    private static TelemetrySample Reads(long reads, string bench = "a") => new(SampleKind.Calls, bench, new StreamResponse { Calls = new CallCounts { Reads = reads } });

    private static async Task<(long, string)> NextAsync(IAsyncEnumerator<StreamResponse> reader)
    {
        Assert.True(await reader.MoveNextAsync());
        return (reader.Current.Calls.Reads, reader.Current.Bench);
    }

    private static async Task<List<StreamResponse>> TakeAsync(TelemetrySubscription subscription, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var seen = new List<StreamResponse>();
        await foreach (StreamResponse message in subscription.ReadAllAsync(limit.Token))
        {
            seen.Add(message);
            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }
}
