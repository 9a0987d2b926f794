using System.Collections.Immutable;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Mix;

/// <summary>
/// Separates a mix: sample variances are Gamma distributed about a sum of known shapes with strengths sigma^2 >= 0 (identity link, weights
/// dof / (2 v^2)), fitted by maximum likelihood. A pure function of its arguments: archived reads can be fitted again with other terms.
/// </summary>
public static class MixFit
{
    // Two shapes that agree this well at every point, each weighted with its precision, are one shape.
    private const double SameShape = 1 - 1e-6;

    /// <summary>Fits all terms, then drops the least likely one while it is not significant; every dropped term gets an upper limit beside the ones that
    /// stay.</summary>
    /// <param name="observations">One a design point, at least as many as terms.</param>
    /// <param name="full">The device's spans.</param>
    /// <param name="terms">Shapes to look for, each once.</param>
    /// <param name="options">Levels; null for the defaults.</param>
    /// <exception cref="CalibrationException">The design cannot separate the terms; the message names the pair that is alike.</exception>
    /// <exception cref="ArgumentException">No term, a term twice, no observations, or none with any noise.</exception>
    public static MixResult Fit(
        IReadOnlyList<MixObservation> observations, DeviceFullScale full, ImmutableArray<MixTerm> terms, MixFitOptions? options = null)
    {
        options ??= new MixFitOptions();
        if (terms.IsDefaultOrEmpty || terms.Distinct().Count() != terms.Length)
        {
            throw new ArgumentException("name at least one term to look for, and none twice", nameof(terms));
        }

        if (observations.Count < terms.Length || observations.All(observation => observation.Variance == 0))
        {
            throw new ArgumentException(
                $"{observations.Count} design points with {observations.Count(o => o.Variance > 0)} of them noisy cannot give {terms.Length} terms; "
                    + "read more points", nameof(observations));
        }

        double[][] shapes = [.. observations.Select(observation => terms.Select(term => observation.Conditions.Shape(term, full)).ToArray())];
        double condition = Condition(observations, shapes, terms, options.LargestCondition);
        List<int> kept = [.. Enumerable.Range(0, terms.Length)];
        var mix = new VarianceMix(Select(kept));
        var tests = new Dictionary<int, (double Ratio, double Probability)>();
        while (true)
        {
            VarianceMix whole = mix;
            (int Index, double Ratio, double Probability)[] found = [.. kept.Select((_, n) => Test(whole, n))];
            foreach ((int n, double ratio, double probability) in found)
            {
                tests[kept[n]] = (ratio, probability);
            }

            (int weakest, _, double largest) = found.MaxBy(test => test.Probability);
            if (largest <= options.Level || kept.Count == 1)
            {
                break;
            }

            kept.RemoveAt(weakest);
            mix = new VarianceMix(Select(kept));
        }

        long reads = observations.Sum(observation => observation.Reads);
        ImmutableArray<MixTermFit> fits =
        [
            .. terms.Select((term, j) => kept.Contains(j) && tests[j].Probability <= options.Level
                ? Present(term, mix, kept.IndexOf(j), tests[j], reads, options)
                : Absent(term, new VarianceMix(Select([.. kept.Where(k => k != j), j])), tests[j], reads, options)),
        ];
        int dof = observations.Count - kept.Count;
        double misfit = Math.Max(0, mix.Misfit);
        double misfitProbability = dof > 0 ? 1 - ChiSquared.CDF(dof, misfit) : 1;
        ImmutableArray<string> warnings = misfitProbability < options.MisfitLevel
            ? [$"the mix does not describe the variances: deviance {misfit:F1} with {dof} degrees of freedom (probability {misfitProbability:G2}, "
                + $"limit {options.MisfitLevel}); look at the residuals, add a term or look for drift"]
            : [];
        return new MixResult(fits, condition, misfit, dof, misfitProbability, Residuals(observations, mix), warnings);

        VarianceObservation[] Select(List<int> which) =>
            [.. observations.Select((o, i) => new VarianceObservation([.. which.Select(j => shapes[i][j])], o.Converter, o.Variance, o.Dof))];

        (int Index, double Ratio, double Probability) Test(VarianceMix fit, int n)
        {
            double ratio = fit.Theta[n] > 0 ? fit.Profile(n, 0) : 0;
            double[] without = fit.ThetaAt(n, 0);
            double[,] information = fit.Information([.. observations.Select(o => o.Dof)]);
            return (n, ratio, ChiBarSquare.Tail(ratio, information, n, [.. without.Select(value => value == 0)]));
        }
    }

    private static MixTermFit Present(MixTerm term, VarianceMix mix, int n, (double Ratio, double Probability) test, long reads, MixFitOptions options)
    {
        double rise = ChiSquared.InvCDF(1, options.Confidence);
        double value = Math.Sqrt(mix.Theta[n]);
        double scale = Math.Sqrt(rise) * options.ScaleError * value;
        double low = Norm(value - Math.Sqrt(mix.LowerLimit(n, rise)), scale);
        double high = Norm(Math.Sqrt(mix.UpperLimit(n, rise)) - value, scale);
        return new(term, new Estimate(value, new Interval(Math.Max(0, value - low), value + high), "1", reads, options.Confidence), true, test.Ratio,
            test.Probability);
    }

    private static MixTermFit Absent(MixTerm term, VarianceMix mix, (double Ratio, double Probability) test, long reads, MixFitOptions options)
    {
        double high = Math.Sqrt(mix.UpperLimit(mix.Parameters - 1, ChiSquared.InvCDF(1, 2 * options.Confidence - 1))) * (1 + 1.645 * options.ScaleError);
        return new(term, new Estimate(0, new Interval(0, high), "1", reads, options.Confidence), false, test.Ratio, test.Probability);
    }

    private static double Norm(double a, double b) => Math.Sqrt(a * a + b * b);

    private static ImmutableArray<MixResidual> Residuals(IReadOnlyList<MixObservation> observations, VarianceMix mix) =>
    [
        .. observations.Select((o, i) =>
        {
            double fitted = mix.Fitted(i);
            double ratio = Math.Max(o.Variance, 1e-300) / fitted;
            return new MixResidual(o.Point, o.Variance, fitted, Math.Sign(ratio - 1) * Math.Sqrt(Math.Max(0, o.Dof * (ratio - 1 - Math.Log(ratio)))));
        }),
    ];

    private static double Condition(IReadOnlyList<MixObservation> observations, double[][] shapes, ImmutableArray<MixTerm> terms, double largest)
    {
        double smallest = 1e-12 * observations.Max(o => o.Variance);
        double[][] columns =
            [.. terms.Select((_, j) => observations.Select((o, i) => shapes[i][j] * Math.Sqrt(o.Dof) / Math.Max(o.Variance, smallest)).ToArray())];
        double[] lengths = [.. columns.Select(column => Math.Sqrt(column.Sum(value => value * value)))];
        for (int j = 0; j < terms.Length; j++)
        {
            if (lengths[j] == 0)
            {
                throw new CalibrationException(CalibrationFault.Unsupported, $"{terms[j]} is zero at every design point; add a point where it is not");
            }

            for (int k = 0; k < j; k++)
            {
                if (columns[j].Zip(columns[k], (a, b) => a * b).Sum() / (lengths[j] * lengths[k]) > SameShape)
                {
                    throw new CalibrationException(
                        CalibrationFault.Unsupported,
                        $"{terms[k]} and {terms[j]} have the same shape at every design point; variances cannot separate them: "
                            + "add points that differ in them, name one of the two, or tell them by the covariance between columns");
                }
            }
        }

        double[,] information = new double[terms.Length, terms.Length];
        for (int j = 0; j < terms.Length; j++)
        {
            for (int k = 0; k < terms.Length; k++)
            {
                information[j, k] = columns[j].Zip(columns[k], (a, b) => a * b).Sum();
            }
        }

        double number = terms.Length == 1 ? 1 : Conditioning.Number(information);
        return number <= largest
            ? number
            : throw new CalibrationException(
                CalibrationFault.Unsupported,
                $"the design separates {string.Join(", ", terms)} poorly: condition number {number:G3}, limit {largest}; "
                    + "drive inputs and weights to full scale in separate points");
    }
}
