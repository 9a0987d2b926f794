namespace AnalogHil.Precision.Validation;

/// <summary>How accuracy is certified.</summary>
public sealed record ValidationOptions
{
    /// <summary>Largest drop to be tolerated, a fraction.</summary>
    /// <value>Default: 0.02, two points.</value>
    public double Target { get; init; } = 0.02;

    /// <summary>Images in one pass.</summary>
    /// <value>Default: 100.</value>
    public int Batch { get; init; } = 100;
}
