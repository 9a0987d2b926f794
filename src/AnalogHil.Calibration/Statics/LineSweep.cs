using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Design;
using AnalogHil.Calibration.Mix;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Statics;

/// <summary>
/// Products in even steps over the converter's range under one programming. Full weights on as many rows as the range takes; the product follows the
/// inputs exactly linearly whatever the cells' own errors are, so that bends are the converters'.
/// </summary>
public static class LineSweep
{
    internal const string Name = "line";

    /// <summary>Series of the sweep, lowest product first.</summary>
    /// <param name="device">Rows, signs and converters.</param>
    /// <param name="tiles">Tiles.</param>
    /// <param name="levels">Products, odd, at least 5.</param>
    /// <param name="vectors">Executions a product and tile, in each pass.</param>
    /// <param name="passes">
    /// Times that the sweep is gone through, at least 1. From 2 on the scatter between passes tells how well a product is known, noise slower than a call
    /// included.
    /// </param>
    /// <param name="room">Largest product over the converter's range, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">Too few levels or an even number.</exception>
    public static ImmutableArray<PlannedSeries> Plan(DeviceCapabilities device, ImmutableArray<int> tiles, int levels = 17, int vectors = 256, int passes = 1,
        double room = 0.85)
    {
        if (levels < 5 || levels % 2 == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(levels), levels, $"{levels} products; a line with its bends takes an odd number of at least 5");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);

        int paired = DesignPoint.PairedRows(device.Rows);
        double range = device.AdcBits == 0 ? double.PositiveInfinity : room * device.AdcFullScale;

        // Inputs without sign make products of both signs by two halves of opposite weights, one rising while the other falls.
        int active = (int)Math.Min(paired, device.SignedInputs ? range : 2 * range);
        active = Math.Max(2, active - active % 2);
        float[] weights = new float[device.Rows * device.Columns];
        for (int row = 0; row < active; row++)
        {
            for (int c = 0; c < device.Columns; c++)
            {
                int sign = !device.SignedInputs && row % 2 == 1 ? -1 : 1;
                weights[row * device.Columns + c] = c % 2 == 0 ? sign : -sign;
            }
        }

        var plan = ImmutableArray.CreateBuilder<PlannedSeries>();
        for (int level = 0; level < levels; level++)
        {
            double t = 2.0 * level / (levels - 1) - 1;
            float[] inputs = new float[device.Rows];
            double x = 0;
            double magnitude = 0;
            double product = 0;
            for (int row = 0; row < active; row++)
            {
                double sign = !device.SignedInputs && row % 2 == 1 ? -1 : 1;
                inputs[row] = (float)OnGrid(device.SignedInputs ? t : 0.5 * (1 + sign * t), device.InputStep);
                x += (double)inputs[row] * inputs[row];
                magnitude += Math.Abs(inputs[row]);
                product += sign * inputs[row];
            }

            // The name carries the sign that the norms lose.
            string name = $"{Name}-{(product < 0 ? "n" : "p")}{level:D3}";
            var conditions = new ProbeConditions(device.Rows, x, magnitude, active, Math.Abs(product));
            plan.Add(new PlannedSeries(new ProbePattern(name, weights, inputs, conditions), tiles, vectors) { KeepsWeights = true });
        }

        ImmutableArray<PlannedSeries> once = plan.ToImmutable();
        return
        [
            .. Enumerable.Range(0, passes).SelectMany(pass => pass == 0
                ? once : once.Select(series => series with { Pattern = series.Pattern with { Name = $"{series.Pattern.Name}-{pass}" } })),
        ];
    }

    internal static double Product(Archive.SeriesDescription series) => (series.Point[Name.Length + 1] == 'n' ? -1 : 1) * series.Conditions.Product;

    private static double OnGrid(double value, double step) => step == 0 ? value : Math.Round(value / step) * step;
}
