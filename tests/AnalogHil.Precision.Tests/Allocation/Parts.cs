using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Allocation;

namespace AnalogHil.Precision.Tests.Allocation;

/// <summary>Sensitivities made by hand.</summary>
internal static class Parts
{
    /// <summary>One term.</summary>
    public static TermSensitivities One(AveragingLaw law, double[] loss, double[] cost, double sigma = 0.01, double upper = 0.011, long reads = 200) => new(
        [new NoiseTermEstimate(NoiseTerm.Thermal, new Estimate(sigma, new Interval(0.5 * sigma, upper), "1", reads), true, law)],
        [loss],
        new double[loss.Length],
        new double[loss.Length],
        cost);
}
