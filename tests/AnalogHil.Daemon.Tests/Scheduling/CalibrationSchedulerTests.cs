using System.Threading.Channels;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Scheduling;

namespace AnalogHil.Daemon.Tests.Scheduling;

public sealed class CalibrationSchedulerTests
{
    private readonly Channel<ScheduledRun> _told = Channel.CreateUnbounded<ScheduledRun>();
    private readonly ManualTime _time = new(CronExpressionTests.At("2026-01-10T00:00Z"));
    private readonly List<DateTimeOffset> _ran = [];
    private string? _holder;
    private Exception? _failure;

    [Fact]
    public async Task RunAsync_ThreeNights_RunsEachAtItsTime()
    {
        using var stop = new CancellationTokenSource();
        Task running = Scheduler([]).RunAsync(stop.Token);
        for (int night = 0; night < 3; night++)
        {
            Assert.Equal(ScheduledOutcome.Ran, (await ToNextAsync()).Outcome);
        }

        await stop.CancelAsync();
        await running;
        Assert.Equal(["2026-01-10T01:30Z", "2026-01-11T01:30Z", "2026-01-12T01:30Z"], _ran.Select(at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'",
            System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task RunAsync_BenchIsLeased_SkipsAndSaysWhoHasIt()
    {
        using var stop = new CancellationTokenSource();
        Task running = Scheduler([]).RunAsync(stop.Token);
        _holder = "operations/7";
        ScheduledRun skipped = await ToNextAsync();
        Assert.Equal(ScheduledOutcome.Leased, skipped.Outcome);
        Assert.Contains("operations/7", skipped.Detail, StringComparison.Ordinal);
        _holder = null;
        Assert.Equal(ScheduledOutcome.Ran, (await ToNextAsync()).Outcome);
        await stop.CancelAsync();
        await running;
        Assert.Single(_ran);
    }

    [Fact]
    public async Task RunAsync_MaintenanceWindow_SkipsOnlyWithinIt()
    {
        // Every Sunday from 02:00 for two hours: 2026-01-11 is one.
        var window = new MaintenanceWindow(null, CronExpressionTests.Parsed("0 2 * * 0"), null, TimeSpan.FromHours(2), Zones.Central, "cooling water");
        using var stop = new CancellationTokenSource();
        Task running = Scheduler([window]).RunAsync(stop.Token);
        ScheduledRun[] runs = [await ToNextAsync(), await ToNextAsync(), await ToNextAsync()];
        await stop.CancelAsync();
        await running;
        Assert.Equal([ScheduledOutcome.Ran, ScheduledOutcome.Maintenance, ScheduledOutcome.Ran], runs.Select(run => run.Outcome));
        Assert.Contains("cooling water", runs[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CalibrationFails_SaysSoAndRunsTheNextNight()
    {
        using var stop = new CancellationTokenSource();
        Task running = Scheduler([]).RunAsync(stop.Token);
        _failure = new IOException("the disk is full");
        ScheduledRun failed = await ToNextAsync();
        Assert.Equal((ScheduledOutcome.Failed, "the disk is full"), (failed.Outcome, failed.Detail));
        _failure = null;
        Assert.Equal(ScheduledOutcome.Ran, (await ToNextAsync()).Outcome);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public void EndAt_WindowOfOnce_HoldsFromItsBeginToBeforeItsEnd()
    {
        var window = new MaintenanceWindow("/b.json", null, CronExpressionTests.At("2026-01-10T10:00Z"), TimeSpan.FromHours(1), TimeZoneInfo.Utc, "");
        Assert.Null(window.EndAt(CronExpressionTests.At("2026-01-10T09:59Z"), "/b.json"));
        Assert.Equal(CronExpressionTests.At("2026-01-10T11:00Z"), window.EndAt(CronExpressionTests.At("2026-01-10T10:00Z"), "/b.json"));
        Assert.Null(window.EndAt(CronExpressionTests.At("2026-01-10T11:00Z"), "/b.json"));
        Assert.Null(window.EndAt(CronExpressionTests.At("2026-01-10T10:30Z"), "/other.json"));
    }

    private CalibrationScheduler Scheduler(MaintenanceWindow[] windows)
    {
        var entry = new ScheduledCalibration("nightly", "/b.json", CronExpressionTests.Parsed("30 2 * * *"), Zones.Central, new SuiteOptions(), "/out", true);
        return new CalibrationScheduler(
            new CalibrationSchedule([entry], [.. windows]),
            _ => Task.FromResult<(LeasedBench?, string?)>(
                _holder is null ? (new LeasedBench(1, () => ValueTask.CompletedTask, CancellationToken.None), null) : (null, _holder)),
            (_, _, due, _) =>
            {
                if (_failure is not null)
                {
                    throw _failure;
                }

                _ran.Add(due);
                return Task.FromResult("calibrations/1");
            },
            run => Assert.True(_told.Writer.TryWrite(run)),
            _time);
    }

    // The scheduler waits an hour at a time; each step of the clock is taken when it waits again.
    private async Task<ScheduledRun> ToNextAsync()
    {
        for (int hour = 0; hour < 100; hour++)
        {
            await _time.TimerSetAsync();
            if (_told.Reader.TryRead(out ScheduledRun? run))
            {
                _time.Reset();
                return run;
            }

            _time.Advance(TimeSpan.FromHours(1));
        }

        throw new InvalidOperationException("nothing came within 100 hours");
    }
}
