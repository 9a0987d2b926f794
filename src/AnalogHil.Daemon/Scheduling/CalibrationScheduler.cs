namespace AnalogHil.Daemon.Scheduling;

/// <summary>
/// Runs the calibrations and drift watches of a schedule at their times. A time that comes while the bench is leased, in maintenance or still calibrating is
/// skipped and said, never made up for: the next one comes soon enough. Times that passed while nothing ran are not made up for either.
/// </summary>
/// <param name="schedule">What runs when.</param>
/// <param name="take">Takes a bench for a run: the bench, or null and who has it.</param>
/// <param name="run">Runs one entry on its bench; gives back what to say of it.</param>
/// <param name="told">Told of every time that came.</param>
/// <param name="time">Clock.</param>
internal sealed class CalibrationScheduler(
    CalibrationSchedule schedule,
    Func<ScheduleEntry, Task<(LeasedBench? Bench, string? Holder)>> take,
    Func<ScheduleEntry, LeasedBench, DateTimeOffset, CancellationToken, Task<string>> run,
    Action<ScheduledRun> told,
    TimeProvider time)
{
    // A timer takes no longer waits; waking up in between does no harm, and notices a clock that was set.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="cancellationToken">Stops it, and what runs.</param>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(schedule.Entries.Select(entry => RunAsync(entry, cancellationToken)));

    /// <summary>The next times of every entry, in order of time.</summary>
    /// <param name="schedule">What runs when.</param>
    /// <param name="from">After this moment.</param>
    /// <param name="count">Times an entry.</param>
    public static IEnumerable<(ScheduleEntry Entry, DateTimeOffset At, string? Skipped)> Next(CalibrationSchedule schedule, DateTimeOffset from, int count) =>
        schedule.Entries.SelectMany(entry => Times(entry, from).Take(count).Select(at => (entry, at, Maintained(schedule, entry,
            at)))).OrderBy(next => next.at);

    private static IEnumerable<DateTimeOffset> Times(ScheduleEntry entry, DateTimeOffset from)
    {
        while (entry.Times.Next(from, entry.Zone) is { } next)
        {
            yield return from = next;
        }
    }

    private static string? Maintained(CalibrationSchedule schedule, ScheduleEntry entry, DateTimeOffset now) =>
        schedule.Maintenance.Select(window => window.EndAt(now,
            entry.BenchFile) is { } end ? $"{window.Why}, until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : null).FirstOrDefault(reason => reason is not null);

    private async Task RunAsync(ScheduleEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            while (entry.Times.Next(time.GetUtcNow(), entry.Zone) is { } due)
            {
                while (time.GetUtcNow() < due)
                {
                    TimeSpan wait = due - time.GetUtcNow();
                    await Task.Delay(wait < LongestWait ? wait : LongestWait, time, cancellationToken).ConfigureAwait(false);
                }

                told(await AtAsync(entry, due, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task<ScheduledRun> AtAsync(ScheduleEntry entry, DateTimeOffset due, CancellationToken cancellationToken)
    {
        if (Maintained(schedule, entry, due) is { } why)
        {
            return new(entry.Name, due, ScheduledOutcome.Maintenance, why);
        }

        (LeasedBench? bench, string? holder) = await take(entry).ConfigureAwait(false);
        if (bench is null)
        {
            return new(entry.Name, due, ScheduledOutcome.Leased, $"{entry.BenchFile} is held by {holder}");
        }

        await using (bench.ConfigureAwait(false))
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, bench.Ending);
            try
            {
                return new(entry.Name, due, ScheduledOutcome.Ran, await run(entry, bench, due, stop.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
#pragma warning disable CA1031 // One night's failure must not end the nights after it; what failed is told.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                return new(entry.Name, due, ScheduledOutcome.Failed, failure.Message);
            }
        }
    }
}
