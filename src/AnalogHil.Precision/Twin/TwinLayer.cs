using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Twin;

/// <summary>One layer's noise on the device against the model route's.</summary>
/// <param name="Layer">Name of the node.</param>
/// <param name="VarianceRatio">Device over model, mean squared fresh noise on the same clean inputs.</param>
/// <param name="Interval">95 % interval of the ratio, by the delta method with images as independent units.</param>
/// <param name="BiasOverNoise">Rms static error of the device (mean of many reads against the exact product) over the rms of its noise; 0 where it drowns.</param>
/// <param name="Images">Images compared.</param>
/// <param name="Elements">Output elements compared, an image's again each time that it came.</param>
public sealed record TwinLayer(string Layer, double VarianceRatio, Interval Interval, double BiasOverNoise, int Images, long Elements)
{
    /// <summary>(Static error / noise)^2 beyond what rounding the inputs explains: the share of error variance that the search did not count. 0 on a device without any noise to compare it with.</summary>
    public double UnexplainedBias { get; init; }

    /// <summary>Whether the whole interval lies in <paramref name="allowed"/>.</summary>
    public bool Agrees(Interval allowed) => Interval.Within(allowed);
}
