using System.Collections.Immutable;
using AnalogHil.Core.Statistics;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Quantised;

/// <summary>
/// Reads of one column at known shifts of its mean: the converter's edges pass under one unknown offset at many places. One nuisance a column instead of one a
/// place, so that two codes a place are enough.
/// </summary>
/// <param name="Reads">Read less the shift, with its count; the noisy value lies within half a step of it.</param>
/// <param name="Step">q.</param>
internal sealed record ShiftedCodes(ImmutableArray<(double Read, long Count)> Reads, double Step)
{
    private const double Least = 0.02;
    private const double Most = 64;
    private const int Offsets = 24;

    private double Mean { get; } = Reads.Sum(read => read.Read * read.Count) / Reads.Sum(read => read.Count);

    public static QuantisedSigma Fit(IReadOnlyList<ShiftedCodes> columns, double step, double confidence)
    {
        if (columns.Count == 0)
        {
            throw new ArgumentException("no usable column has reads of the dither plan; acquire it, "
                + "or mend the columns that the screening names", nameof(columns));
        }

        double Log(double logarithm) => columns.Sum(column => column.Profile(step * Math.Exp(logarithm)));
        (double best, double top) = Maximum(Log);
        double least = Math.Log(Least);
        double floor = Log(least);
        long reads = columns.Sum(column => column.Reads.Sum(read => read.Count));
        double rise = ChiSquared.InvCDF(1, confidence) / 2;
        if (top - floor <= rise)
        {
            double upper = Math.Exp(Crossing(Log, Math.Max(top, floor) - ChiSquared.InvCDF(2, confidence) / 2, Math.Max(best, least), Math.Log(Most)));
            return new(
                new Estimate(step * upper / 2, new Interval(0, step * upper), "dot product", reads, confidence),
                upper / 2,
                $"dead zone, dither needed: moved through a whole step, {reads} reads show no noise beyond {upper:G3} of the converter's step ({step:G3}) "
                    + "and no lower limit; add dither or use a finer converter",
                0);
        }

        double low = Math.Exp(Crossing(Log, top - rise, best, least));
        double high = Math.Exp(Crossing(Log, top - rise, best, Math.Log(Most)));
        double relative = Math.Log(high / low) / (2 * Normal.InvCDF(0, 1, 0.5 * (1 + confidence)));
        return new(
            new Estimate(step * Math.Exp(best), new Interval(step * low, step * high), "dot product", reads, confidence),
            Math.Exp(best), null, 1 / (2 * relative * relative));
    }

    /// <summary>Log likelihood at the offset that suits the column best.</summary>
    private double Profile(double sigma)
    {
        // The mean of all places is near the offset, to a fraction of a step.
        (double low, double high) = (Mean - 0.5 * Step, Mean + 0.5 * Step);
        double best = Mean;
        double top = double.NegativeInfinity;
        for (int i = 0; i <= Offsets; i++)
        {
            double offset = low + (high - low) * i / Offsets;
            double value = At(offset, sigma);
            (best, top) = value > top ? (offset, value) : (best, top);
        }

        (low, high) = (best - Step / Offsets, best + Step / Offsets);
        for (int i = 0; i < 12; i++)
        {
            (double left, double right) = (low + (high - low) / 3, high - (high - low) / 3);
            (low, high) = At(left, sigma) < At(right, sigma) ? (left, high) : (low, right);
        }

        return Math.Max(top, At(0.5 * (low + high), sigma));
    }

    private double At(double offset, double sigma)
    {
        double scale = 1 / (Math.Sqrt(2) * sigma);
        double sum = 0;
        foreach ((double read, long count) in Reads)
        {
            double distance = Math.Abs(read - offset);
            double probability = 0.5 * (SpecialFunctions.Erfc((distance - 0.5 * Step) * scale) - SpecialFunctions.Erfc((distance + 0.5 * Step) * scale));
            sum += count * Math.Log(Math.Max(probability, 1e-300));
        }

        return sum;
    }

    private static (double Place, double Value) Maximum(Func<double, double> log)
    {
        const int points = 21;
        double[] places = [.. Enumerable.Range(0, points).Select(i => Math.Log(Least) + Math.Log(Most / Least) * i / (points - 1))];
        double[] values = [.. places.Select(log)];
        int top = Array.IndexOf(values, values.Max());
        (double a, double b) = (places[Math.Max(0, top - 1)], places[Math.Min(points - 1, top + 1)]);
        while (b - a > 1e-4)
        {
            (double left, double right) = (a + (b - a) / 3, b - (b - a) / 3);
            (a, b) = log(left) < log(right) ? (left, b) : (a, right);
        }

        return (0.5 * (a + b), Math.Max(values[top], log(0.5 * (a + b))));
    }

    private static double Crossing(Func<double, double> log, double level, double inside, double outside)
    {
        if (log(outside) > level)
        {
            return outside;
        }

        while (Math.Abs(outside - inside) > 1e-4)
        {
            double middle = 0.5 * (inside + outside);
            (inside, outside) = log(middle) > level ? (middle, outside) : (inside, middle);
        }

        return 0.5 * (inside + outside);
    }
}
