using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Quantised;

/// <summary>Standard deviation of the noise ahead of an output converter, from codes alone.</summary>
/// <param name="Sigma">Dot-product units (converter side); in a dead zone the value is the upper limit's half and the lower limit is 0.</param>
/// <param name="Steps">Sigma in converter steps.</param>
/// <param name="DeadZone">Null, or why the noise cannot be bounded from below: a remedy is part of the message.</param>
/// <param name="EffectiveDof">A sample variance with these degrees of freedom has as wide an interval; 0 in a dead zone.</param>
public sealed record QuantisedSigma(Estimate Sigma, double Steps, string? DeadZone, double EffectiveDof)
{
    // Below this nothing on the converter's side tells two strengths apart.
    private const double Least = 0.04;
    private const double Most = 64;

    // Reads off the two commonest codes of their column: with fewer, chance decides whether the likelihood is as sharp as it looks.
    private const long FewestOutside = 6;

    /// <summary>Sigma common to columns (or inputs) with a mean of their own: interval-censored maximum likelihood, limits by its profile.</summary>
    /// <param name="histograms">One per column and input. Different means lie at different places within a step and dither each other.</param>
    /// <param name="step">q, dot-product units.</param>
    /// <param name="confidence">Level of the interval.</param>
    /// <exception cref="ArgumentException">No histogram, or a step of 0.</exception>
    public static QuantisedSigma Of(IReadOnlyList<CodeHistogram> histograms, double step, double confidence = 0.95)
    {
        if (histograms.Count == 0 || !(step > 0))
        {
            throw new ArgumentException($"{histograms.Count} histograms on a step of {step}; "
                + "a converter with a step and at least one column are needed", nameof(histograms));
        }

        // Columns that saw the same counts have the same likelihood; a dead tile has thousands of them.
        (CodeHistogram Codes, int Times)[] distinct =
        [
            .. histograms.GroupBy(h => string.Join(',', h.Codes.Select(code => $"{code.Code - h.Codes[0].Code}:{code.Count}")))
                .Select(group => (group.First(), group.Count())),
        ];
        double Log(double logarithm)
        {
            double s = Math.Exp(logarithm);
            return distinct.Sum(pair => pair.Times * IntervalLikelihood.Profile(pair.Codes, s));
        }

        (double best, double top) = Maximum(Log, Math.Log(Least), Math.Log(Most));
        double rise = ChiSquared.InvCDF(1, confidence) / 2;
        double atLeast = Log(Math.Log(Least));
        long outside = histograms.Sum(h => h.Codes.Select(code => code.Count).OrderDescending().Skip(2).Sum());
        bool dead = top - atLeast <= rise || outside < FewestOutside;
        long reads = histograms.Sum(h => h.Reads);
        if (dead)
        {
            // Mean and sigma are both unresolved: two degrees of freedom, which the chance of an empty tail asks for too.
            double limit = ChiSquared.InvCDF(2, confidence) / 2;
            double upper = Math.Exp(Crossing(Log, Math.Max(top, atLeast) - limit, top >= atLeast ? best : Math.Log(Least), Math.Log(Most)));
            return new(
                new Estimate(step * upper / 2, new Interval(0, step * upper), "dot product", reads, confidence),
                upper / 2,
                $"dead zone, dither needed: only {outside} of {reads} reads fell off the two commonest codes of their column ({FewestOutside} are needed); "
                    + $"the noise is below {upper:G3} of the converter's step ({step:G3}) "
                + "and has no lower limit: read with inputs spread over a step, add dither, or use a finer converter",
                0);
        }

        double low = Math.Exp(Crossing(Log, top - rise, best, Math.Log(Least)));
        double high = Math.Exp(Crossing(Log, top - rise, best, Math.Log(Most)));
        double value = Math.Exp(best);
        double relative = Math.Log(high / low) / (2 * Normal.InvCDF(0, 1, 0.5 * (1 + confidence)));
        return new(new Estimate(step * value, new Interval(step * low, step * high), "dot product", reads, confidence), value, null,
            1 / (2 * relative * relative));
    }

    private static (double Place, double Value) Maximum(Func<double, double> log, double low, double high)
    {
        // A coarse scan first: with two codes a column the likelihood is flat towards 0.
        const int points = 25;
        double[] places = [.. Enumerable.Range(0, points).Select(i => low + (high - low) * i / (points - 1))];
        double[] values = [.. places.Select(log)];
        int top = Array.IndexOf(values, values.Max());
        (double a, double b) = (places[Math.Max(0, top - 1)], places[Math.Min(points - 1, top + 1)]);
        for (int i = 0; i < 60 && b - a > 1e-6; i++)
        {
            (double left, double right) = (a + (b - a) / 3, b - (b - a) / 3);
            (a, b) = log(left) < log(right) ? (left, b) : (a, right);
        }

        double place = 0.5 * (a + b);
        return (place, Math.Max(log(place), values[top]));
    }

    private static double Crossing(Func<double, double> log, double level, double inside, double outside)
    {
        if (log(outside) > level)
        {
            return outside;
        }

        for (int i = 0; i < 40 && Math.Abs(outside - inside) > 1e-6; i++)
        {
            double middle = 0.5 * (inside + outside);
            (inside, outside) = log(middle) > level ? (middle, outside) : (inside, middle);
        }

        return 0.5 * (inside + outside);
    }
}
