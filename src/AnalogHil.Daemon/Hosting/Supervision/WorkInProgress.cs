namespace AnalogHil.Daemon.Hosting.Supervision;

/// <summary>A piece of work on the <see cref="ProgressBoard"/>.</summary>
internal sealed class WorkInProgress(ProgressBoard board, string what, TimeSpan longestSilence, long began) : IDisposable
{
    private long _lastStep = began;

    /// <summary>Name for people.</summary>
    public string What => what;

    /// <summary>Longest time between two steps.</summary>
    public TimeSpan LongestSilence => longestSilence;

    /// <summary>When it last got on, as a timestamp of the board's clock.</summary>
    public long LastStep => Interlocked.Read(ref _lastStep);

    /// <summary>It got on. Cheap enough for every read of a device.</summary>
    public void Advance() => Interlocked.Exchange(ref _lastStep, board.Step());

    /// <summary>It has ended, well or not.</summary>
    public void Dispose() => board.End(this);
}
