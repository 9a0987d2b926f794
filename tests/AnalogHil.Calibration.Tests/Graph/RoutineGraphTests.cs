using System.Collections.Immutable;
using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Tests.Fakes;

namespace AnalogHil.Calibration.Tests.Graph;

public sealed class RoutineGraphTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ManualClock _clock = new(Start);
    private readonly List<string> _log = [];

    [Fact]
    public void Construct_CircleOrMissingOrTwice_IsRefusedByName()
    {
        Assert.Contains("a, b", Assert.Throws<ArgumentException>(() => new RoutineGraph([Plain("a", "b"), Plain("b", "a")], _clock)).Message, StringComparison.Ordinal);
        Assert.Contains("depends on c", Assert.Throws<ArgumentException>(() => new RoutineGraph([Plain("a", "c")], _clock)).Message, StringComparison.Ordinal);
        Assert.Contains("declared 2 times", Assert.Throws<ArgumentException>(() => new RoutineGraph([Plain("a"), Plain("a")], _clock)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FirstTimeThenYoungThenExpired_MeasuresThenChecksThenMeasures()
    {
        var graph = new RoutineGraph([Plain("sigma", "offset"), Plain("offset")], _clock);
        ImmutableArray<RoutineStep> first = await graph.RunAsync([], null, default);
        Assert.Equal(["run offset", "run sigma"], _log);
        _log.Clear();
        _clock.Advance(TimeSpan.FromMinutes(5));
        ImmutableArray<RoutineStep> second = await graph.RunAsync([.. first.Select(step => step.Record!)], null, default);
        Assert.Equal(["check offset", "check sigma"], _log);
        Assert.All(second, step => Assert.Equal(RoutineOutcome.Kept, step.Outcome));
        _log.Clear();
        _clock.Advance(TimeSpan.FromHours(1));
        ImmutableArray<RoutineStep> third = await graph.RunAsync([.. second.Select(step => step.Record!)], null, default);
        Assert.Equal(["run offset", "run sigma"], _log);
        Assert.Contains("expired", third[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CheckNamesColumns_OnlyTheyAreMeasuredAndTheAgeStays()
    {
        ImmutableArray<ColumnPlace> bad = [new(0, 3), new(1, 7)];
        RoutineScope? seen = null;
        Routine offset = new("offset", [], TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), _ => Task.FromResult(new RoutineCheck(false, bad, "two columns off")), (scope, _) =>
        {
            seen = scope;
            return Task.FromResult<ImmutableArray<ColumnPlace>>([new(1, 7)]);
        });
        _clock.Advance(TimeSpan.FromMinutes(10));
        RoutineStep step = (await new RoutineGraph([offset], _clock).RunAsync([new("offset", Start, Start, [])], null, default))[0];
        Assert.Equal(bad, seen!.Columns.ToArray());
        Assert.Equal(RoutineOutcome.MeasuredInPart, step.Outcome);
        Assert.Equal((Start, Start + TimeSpan.FromMinutes(10)), (step.Record!.Measured, step.Record.Changed));
        Assert.Equal([new ColumnPlace(1, 7)], step.Record.Unmeasured.ToArray());
    }

    [Fact]
    public async Task RunAsync_DependencyMeasuredAnew_WhatRestsOnItWithoutACheckIsMeasuredToo()
    {
        Routine offset = Plain("offset") with { Check = _ => Task.FromResult(new RoutineCheck(false, [], "moved")) };
        var graph = new RoutineGraph([offset, Plain("sigma", "offset") with { Check = null }, Plain("other") with { Check = null }], _clock);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await graph.RunAsync([.. new[] { "offset", "sigma", "other" }.Select(name => new RoutineRecord(name, Start, Start, []))], null, default);
        Assert.Equal(["run offset", "run sigma"], _log);
    }

    [Fact]
    public async Task RunAsync_TooSlow_FailsWithItsLimitAndSkipsWhatRestsOnIt()
    {
        Routine slow = Plain("offset") with
        {
            Run = async (_, token) =>
            {
                var ended = new TaskCompletionSource();
                using CancellationTokenRegistration registration = token.Register(() => ended.TrySetCanceled(token));
                _clock.Advance(TimeSpan.FromMinutes(2));
                await ended.Task;
                return [];
            },
        };
        ImmutableArray<RoutineStep> steps = await new RoutineGraph([slow, Plain("sigma", "offset"), Plain("other")], _clock).RunAsync([], null, default);
        Assert.Equal([RoutineOutcome.Failed, RoutineOutcome.Skipped, RoutineOutcome.Measured], steps.Select(step => step.Outcome));
        Assert.Contains("longer than 00:01:00", steps[0].Reason, StringComparison.Ordinal);
        Assert.Equal(["run other"], _log);
    }

    [Fact]
    public async Task RunAsync_CancelledAndStartedAgain_GoesOnAfterWhatWasStored()
    {
        using var stop = new CancellationTokenSource();
        var stored = new List<RoutineRecord>();
        var graph = new RoutineGraph([Plain("offset"), Plain("gain", "offset"), Plain("sigma", "gain")], _clock);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => graph.RunAsync([], step =>
        {
            stored.Add(step.Record!);
            if (step.Name == "gain")
            {
                stop.Cancel();
            }
        }, stop.Token));
        await graph.RunAsync(stored, null, default);
        Assert.Equal(["run offset", "run gain", "check offset", "check gain", "run sigma"], _log);
    }

    private Routine Plain(string name, params string[] dependsOn) => new(
        name,
        [.. dependsOn],
        TimeSpan.FromHours(1),
        TimeSpan.FromMinutes(1),
        _ =>
        {
            _log.Add("check " + name);
            return Task.FromResult(new RoutineCheck(true, [], "holds"));
        },
        (_, _) =>
        {
            _log.Add("run " + name);
            return Task.FromResult(ImmutableArray<ColumnPlace>.Empty);
        });
}
