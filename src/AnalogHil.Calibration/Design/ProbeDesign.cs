using System.Collections.Immutable;
using AnalogHil.Devices.Contract;
using MathNet.Numerics.LinearAlgebra;

namespace AnalogHil.Calibration.Design;

/// <summary>
/// Chooses as many design points as there are possible terms so that the determinant of the (scaled) regressors is largest: a saturated
/// D-optimal design, whose D-optimal weights are equal whatever the variances are. For thermal, weight and balanced shot noise these are
/// the three corners: dark; inputs full with weights 0; both full.
/// </summary>
internal static class ProbeDesign
{
    /// <summary>The points in order of rising drive; the last one is the full corner.</summary>
    /// <param name="device">Terms, rows and input converter.</param>
    /// <param name="drive">Largest |u|, above 0 and at most 1; below 1 where full drive would leave the converter's range.</param>
    /// <exception cref="CalibrationException">The possible terms cannot be told apart.</exception>
    public static ImmutableArray<DesignPoint> Choose(DeviceCapabilities device, double drive = 1)
    {
        int terms = device.PossibleNoise.Length;
        ImmutableArray<DesignPoint> candidates =
        [
            new("dark", 0, 0),
            new("part", Level(device, 0.5 * drive), 0),
            new("input", Level(device, drive), 0),
            new("full", Level(device, drive), 1),
        ];
        ImmutableArray<DesignPoint> best = [];
        double largest = 1e-6;
        for (int subset = 1; terms > 0 && subset < 1 << candidates.Length; subset++)
        {
            ImmutableArray<DesignPoint> points = [.. candidates.Where((_, i) => (subset >> i & 1) == 1)];
            if (points.Length != terms)
            {
                continue;
            }

            double determinant = Math.Abs(Scaled(device, candidates, points).Determinant());

            // Among equals the one with the full corner: there the averaging law covers all noise that weights and inputs can make, declared or not.
            bool better = determinant > largest * (1 + 1e-9);
            bool equal = determinant >= largest * (1 - 1e-9) && points.Contains(candidates[^1]) && !best.Contains(candidates[^1]);
            if (better || equal)
            {
                largest = determinant;
                best = points;
            }
        }

        return best.IsEmpty
            ? throw new CalibrationException(
                CalibrationFault.Unsupported,
                $"no design tells the noise terms [{string.Join(", ", device.PossibleNoise)}] apart on {device.Rows} rows; "
                + "a device declares one to four different terms")
            : best;
    }

    private static Matrix<double> Scaled(DeviceCapabilities device, ImmutableArray<DesignPoint> candidates, ImmutableArray<DesignPoint> points)
    {
        double[][] all = [.. candidates.Select(point => point.Regressors(device).ToArray())];
        double[][] rows = [.. points.Select(point => point.Regressors(device).ToArray())];
        return Matrix<double>.Build.Dense(points.Length, points.Length, (i, j) =>
        {
            double largest = all.Max(row => row[j]);
            return largest > 0 ? rows[i][j] / largest : 0;
        });
    }

    // A level of the input converter, so that the amplitude is exact; near half of the largest one separates u^2 from |u| best.
    // One bit with sign leaves no step to round to; the contract says nothing of such a converter and the amplitude is taken as asked for.
    private static double Level(DeviceCapabilities device, double amplitude)
    {
        double levels = Math.Pow(2, device.SignedInputs ? device.DacBits - 1 : device.DacBits) - 1;
        return device.DacBits == 0 || levels < 1 ? amplitude : Math.Max(1, Math.Round(amplitude * levels)) / levels;
    }
}
