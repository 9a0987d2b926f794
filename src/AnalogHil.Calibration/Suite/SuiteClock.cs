namespace AnalogHil.Calibration.Suite;

/// <summary>Share done and time remaining of a run, by the usual shares of its routines.</summary>
internal sealed class SuiteClock(IReadOnlyList<SuiteRoutine> routines, TimeProvider time, IProgress<SuiteProgress>? progress)
{
    // Below this share the pace so far says nothing about the rest.
    private const double LeastShare = 0.03;
    private readonly long _begin = time.GetTimestamp();
    private readonly double _all = routines.Sum(routine => routine.Share);
    private double _skipped;
    private double _furthest;

    /// <summary>A routine was kept or skipped: it took no time and says nothing about the others.</summary>
    public void Skip(string name) => _skipped += routines.First(routine => routine.Name == name).Share;

    /// <summary>Tells how far a routine is.</summary>
    public void Tell(string name, double fraction)
    {
        int index = Enumerable.Range(0, routines.Count).First(i => routines[i].Name == name);
        double before = routines.Take(index).Sum(routine => routine.Share);
        double done = before + routines[index].Share * fraction;
        _furthest = Math.Max(_furthest, done / _all);
        double worked = done - _skipped;
        TimeSpan elapsed = time.GetElapsedTime(_begin);
        TimeSpan? remaining = worked > LeastShare * _all ? elapsed * ((_all - done) / worked) : null;
        progress?.Report(new SuiteProgress(name, index + 1, routines.Count, fraction, _furthest, remaining));
    }
}
