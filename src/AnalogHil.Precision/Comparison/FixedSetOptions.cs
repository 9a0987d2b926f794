namespace AnalogHil.Precision.Comparison;

/// <summary>How methods are compared on one fixed set of images.</summary>
public sealed record FixedSetOptions
{
    /// <summary>Drop at which energies are compared, a fraction.</summary>
    /// <value>Default: 0.02, two points.</value>
    public double Drop { get; init; } = 0.02;

    /// <summary>R: draws of the noise for every image, the same for all methods and energies.</summary>
    /// <value>Default: 5, the fewest that are accepted.</value>
    public int Seeds { get; init; } = 5;

    /// <summary>Least mean energy per multiply-accumulate; 1 on a device.</summary>
    /// <value>Default: 1e-3.</value>
    public double Lowest { get; init; } = 1e-3;

    /// <summary>Largest mean energy per multiply-accumulate; K_max on a device.</summary>
    /// <value>Default: 1e6.</value>
    public double Highest { get; init; } = 1e6;

    /// <summary>Where the search begins.</summary>
    /// <value>Default: 30.</value>
    public double Guess { get; init; } = 30;

    /// <summary>Images in one pass; changes memory and time only.</summary>
    /// <value>Default: 100.</value>
    public int Batch { get; init; } = 100;

    /// <summary>Seed of the draws.</summary>
    /// <value>Default: 1.</value>
    public ulong Seed { get; init; } = 1;
}
