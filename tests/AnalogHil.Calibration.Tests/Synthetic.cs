using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Noise;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Tests;

/// <summary>Reads and variances without a device.</summary>
internal static class Synthetic
{
    /// <summary>16 rows, spans of 2 both, ideal converters: thermal 256, weight 64, balanced shot 16 a unit of sigma^2 at full drive.</summary>
    public static readonly DeviceFullScale FullScale = new(2, 2, 16, 0);

    public static readonly (string Name, ProbeConditions Conditions)[] Corners =
    [
        ("dark", new ProbeConditions(16, 0, 0, 0, 0)),
        ("input", new ProbeConditions(16, 16, 16, 0, 0)),
        ("full", new ProbeConditions(16, 16, 16, 16, 0)),
    ];

    public static readonly (string Name, ProbeConditions Conditions)[] Extra =
    [
        .. Corners,
        ("weight", new ProbeConditions(16, 0, 0, 16, 0)),
        ("part", new ProbeConditions(16, 4, 8, 0, 0)),
        ("product", new ProbeConditions(16, 16, 16, 16, 12)),
    ];

    public static double Normal(Random random) => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);

    public static MixObservation Observe(
        Random random, (string Name, ProbeConditions Conditions) point, double dof, params (MixTerm Term, double Sigma)[] truth)
    {
        double variance = truth.Sum(term => term.Sigma * term.Sigma * point.Conditions.Shape(term.Term, FullScale));
        return new(point.Name, point.Conditions, variance * Gamma.Sample(random, dof / 2, dof / 2), dof, 0, (long)dof + 1);
    }
}
