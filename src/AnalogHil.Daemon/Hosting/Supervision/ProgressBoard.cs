using System.Collections.Concurrent;

namespace AnalogHil.Daemon.Hosting.Supervision;

/// <summary>What is under way in the daemon and when it last got on: who hangs shows here. Safe for concurrent use.</summary>
internal sealed class ProgressBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<WorkInProgress, byte> _work = [];
    private long _advances;

    /// <summary>Steps of all work so far.</summary>
    public long Advances => Interlocked.Read(ref _advances);

    /// <summary>A piece of work begins; disposing what is returned ends it.</summary>
    /// <param name="what">Name for people, e.g. "operations/1".</param>
    /// <param name="longestSilence">Longest time between two steps of good work of this kind.</param>
    public WorkInProgress Begin(string what, TimeSpan longestSilence)
    {
        var work = new WorkInProgress(this, what, longestSilence, time.GetTimestamp());
        _work[work] = 0;
        return work;
    }

    /// <summary>Work that has been silent for longer than good work is.</summary>
    public IReadOnlyList<StuckWork> Stuck() =>
    [
        .. _work.Keys.Select(work => new StuckWork(work.What, time.GetElapsedTime(work.LastStep), work.LongestSilence))
            .Where(work => work.Silence > work.LongestSilence).OrderBy(work => work.What, StringComparer.Ordinal),
    ];

    /// <summary>A step of some work; its instant, as a timestamp.</summary>
    internal long Step()
    {
        Interlocked.Increment(ref _advances);
        return time.GetTimestamp();
    }

    /// <summary>The work has ended.</summary>
    internal void End(WorkInProgress work) => _work.TryRemove(work, out _);
}
