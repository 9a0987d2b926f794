namespace AnalogHil.Daemon.Hosting.Health;

/// <summary>What is known of one bench's device from probes and from its use. Safe for concurrent use.</summary>
internal sealed class BenchStanding(string path, TimeProvider time, Action<BenchStanding> changed)
{
    private readonly Lock _gate = new();
    private long _at = time.GetTimestamp();
    private string? _failure = "it was not probed yet";

    /// <summary>Bench file.</summary>
    public string Path => path;

    /// <summary>Name of the bench.</summary>
    public string Bench { get; } = System.IO.Path.GetFileNameWithoutExtension(path);

    /// <summary>Why it did not work when it last was asked something; null when it worked.</summary>
    public string? Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    /// <summary>Time since it was last asked something.</summary>
    public TimeSpan Age
    {
        get
        {
            lock (_gate)
            {
                return time.GetElapsedTime(_at);
            }
        }
    }

    /// <summary>It gave a sensible answer.</summary>
    public void Worked() => Learn(null);

    /// <summary>It gave none.</summary>
    public void Failed(string why) => Learn(why);

    private void Learn(string? failure)
    {
        bool turned;
        lock (_gate)
        {
            _at = time.GetTimestamp();
            turned = (_failure is null) != (failure is null);
            _failure = failure;
        }

        if (turned)
        {
            changed(this);
        }
    }
}
