using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Twin;

/// <summary>How closely device and model are compared.</summary>
public sealed record TwinOptions
{
    /// <summary>Half-width of the 95 % interval of a layer's ratio at which its comparison ends; it also ends after a round that leaves the interval wholly outside
    /// <see cref="Allowed"/>.</summary>
    /// <value>Default: 0.03.</value>
    public double HalfWidth { get; init; } = 0.03;

    /// <summary>Where every interval must lie.</summary>
    /// <value>Default: 0.9 .. 1.1.</value>
    public Interval Allowed { get; init; } = new(0.9, 1.1);

    /// <summary>Images before which no comparison ends: an interval of fewer units is itself too uncertain to stop at. A smaller set is gone through in all rounds.</summary>
    /// <value>Default: 64.</value>
    public int LeastImages { get; init; } = 64;

    /// <summary>Times that the images are gone through at most: where a layer has few outputs, one round leaves its interval wider than <see cref="HalfWidth"/>. At
    /// least 1.</summary>
    /// <value>Default: 16.</value>
    public int Rounds { get; init; } = 16;

    /// <summary>Images in one pass.</summary>
    /// <value>Default: 32.</value>
    public int Batch { get; init; } = 32;

    /// <summary>Times that the device computes each product; at least 2.</summary>
    /// <value>Default: 3.</value>
    public int DeviceReads { get; init; } = 3;

    /// <summary>Draws of the model's noise for each image.</summary>
    /// <value>Default: 2.</value>
    public int ModelDraws { get; init; } = 2;

    /// <summary>Seed of the model's noise.</summary>
    /// <value>Default: 1.</value>
    public ulong Seed { get; init; } = 1;
}
