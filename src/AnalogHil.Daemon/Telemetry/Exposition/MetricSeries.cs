namespace AnalogHil.Daemon.Telemetry.Exposition;

/// <summary>The values of a metric for one set of labels; its family's lock guards it.</summary>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] tags, int buckets)
{
    /// <summary>The labels.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Tags => tags;

    /// <summary>Value of a counter or gauge; sum of a histogram.</summary>
    public double Value { get; set; }

    /// <summary>Values counted by a histogram.</summary>
    public long Count { get; set; }

    /// <summary>Values of a histogram at or below each bound and above the one before.</summary>
    public long[] Buckets { get; } = new long[buckets];

    /// <summary>Whether these are its labels.</summary>
    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> others)
    {
        if (others.Length != tags.Length)
        {
            return false;
        }

        for (int i = 0; i < tags.Length; i++)
        {
            if (tags[i].Key != others[i].Key || !Equals(tags[i].Value, others[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A copy that no longer changes.</summary>
    public MetricSeries Copy()
    {
        var copy = new MetricSeries(tags, Buckets.Length) { Value = Value, Count = Count };
        Buckets.CopyTo(copy.Buckets, 0);
        return copy;
    }
}
