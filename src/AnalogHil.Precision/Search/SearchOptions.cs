namespace AnalogHil.Precision.Search;

/// <summary>What the smallest energy is searched for, and how.</summary>
public sealed record SearchOptions
{
    /// <summary>Largest drop to be tolerated, a fraction, against the float32 network on the same examples.</summary>
    /// <value>Default: 0.02, two points.</value>
    public double Target { get; init; } = 0.02;

    /// <summary>M: examples of the certification to come.</summary>
    public required int CertificationExamples { get; init; }

    /// <summary>Probability with which that certification shall accept.</summary>
    /// <value>Default: 0.9.</value>
    public double Acceptance { get; init; } = 0.9;

    /// <summary>Noise draws for each image near the chosen energy, at least 1; time goes with them.</summary>
    /// <value>Default: 2.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int Seeds
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2;

    /// <summary>Images after which a budget is looked at again; clearly good or bad ones get no more.</summary>
    /// <value>Default: 500.</value>
    public int Chunk { get; init; } = 500;

    /// <summary>What E counts, for messages: repeats of one read, or photons.</summary>
    /// <value>Default: repeats.</value>
    public string EnergyUnit { get; init; } = "repeats";

    /// <summary>What sets the largest energy, for messages.</summary>
    /// <value>Default: the device's limit.</value>
    public string LimitName { get; init; } = "the device's limit";

    /// <summary>What would help where no energy is enough, for messages.</summary>
    /// <value>Default: another target or device.</value>
    public string Remedy { get; init; } = "allow a larger drop or use a quieter device";

    /// <summary>Images in one pass.</summary>
    /// <value>Default: 100.</value>
    public int Batch { get; init; } = 100;

    /// <summary>Seed of the noise; the same for every budget, so that their differences have less noise than they have.</summary>
    /// <value>Default: 1.</value>
    public ulong Seed { get; init; } = 1;
}
