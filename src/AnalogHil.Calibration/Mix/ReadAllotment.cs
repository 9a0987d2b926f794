using System.Collections.Immutable;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Mix;

/// <summary>How many reads each design point takes for every strength to reach its relative standard deviation at once, with the fewest reads in all.</summary>
/// <param name="Points">Names, in the order given.</param>
/// <param name="Reads">Reads of each point; 0 leaves a point out.</param>
/// <param name="Total">Reads in all; divide by the columns read in parallel for executions.</param>
/// <param name="RelativeErrors">Relative standard deviation of each sigma^2 that these reads give, in the order of the terms.</param>
/// <param name="Gap">No allotment over these points needs less than Total / (1 + Gap).</param>
public sealed record ReadAllotment(
    ImmutableArray<string> Points, ImmutableArray<long> Reads, long Total, ImmutableArray<double> RelativeErrors, double Gap)
{
    private const int Rounds = 4000;
    private const double LargestCondition = 1e5;
    private const double NumericalLimit = 1e7;

    /// <summary>Plans.</summary>
    /// <remarks>
    /// Minimises the largest excess max_j (I^-1)_jj / (target theta_j)^2 over shares of reads. It is convex; for weights lambda on the terms the shares
    /// follow by
    /// w_i &lt;- w_i sqrt(d_i / mean d) (Torsney 1983), the weights by rising with each term's excess, and the two meet at the optimum. The gap is the dual
    /// bound.
    /// </remarks>
    /// <param name="points">Candidates with their conditions.</param>
    /// <param name="full">The device's spans.</param>
    /// <param name="terms">Terms with the sigma expected of each (a pilot's, or what a profile says), above 0.</param>
    /// <param name="converter">Variance of the converter's own noise in each read, dot-product units squared.</param>
    /// <param name="relativeError">Relative standard deviation of sigma^2 asked for: twice that of sigma.</param>
    /// <exception cref="CalibrationException">The candidates cannot separate the terms.</exception>
    public static ReadAllotment Plan(
        IReadOnlyList<(string Name, ProbeConditions Conditions)> points,
        DeviceFullScale full,
        IReadOnlyList<(MixTerm Term, double Sigma)> terms,
        double converter,
        double relativeError)
    {
        double[][] shapes = Shapes(points, full, terms, converter);
        int p = terms.Count;
        double[] share = [.. points.Select(_ => 1.0 / points.Count)];
        double[] lambda = [.. terms.Select(_ => 1.0 / p)];
        double[] bestShare = share;
        double best = double.PositiveInfinity;
        double bound = 0;
        for (int round = 0; round < Rounds && best > bound * (1 + 1e-4); round++)
        {
            // Whether the points separate the terms is asked of equal parts; the best parts of a weak term may leave another one all but unread.
            double[,] inverse = Inverse(shapes, share, points, terms, round == 0 ? LargestCondition : NumericalLimit);
            double[] errors = [.. Enumerable.Range(0, p).Select(j => inverse[j, j])];
            if (errors.Max() < best)
            {
                (best, bestShare) = (errors.Max(), [.. share]);
            }

            // d_i = x_i' I^-1 L I^-1 x_i; its largest value bounds from above what any shares can gain on sum_j lambda_j (I^-1)_jj.
            double mean = errors.Zip(lambda, (error, weight) => error * weight).Sum();
            double[] gain =
                [.. shapes.Select(x => Enumerable.Range(0, p).Sum(j => lambda[j] * Math.Pow(Enumerable.Range(0, p).Sum(k => inverse[j, k] * x[k]), 2)))];
            bound = Math.Max(bound, mean * mean / gain.Max());
            share = [.. share.Select((w, i) => w * Math.Sqrt(gain[i] / mean))];
            double sum = share.Sum();
            share = [.. share.Select(w => Math.Max(1e-12, w / sum))];
            double rate = 2.0 / Math.Sqrt(round + 4);
            lambda = [.. lambda.Select((weight, j) => Math.Max(1e-9, weight * Math.Pow(errors[j] / errors.Max(), rate)))];
            double all = lambda.Sum();
            lambda = [.. lambda.Select(weight => weight / all)];
        }

        // Half of 2 v^2 / n stays in the shapes; errors are in units of theta^2 per read.
        double total = best / (relativeError * relativeError);
        double[] kept = [.. bestShare.Select(w => w < 1e-3 ? 0 : w)];

        // A point with the smallest of parts may still be what tells two terms apart.
        kept = IsSeparable(Information(shapes, kept, p), LargestCondition) ? kept : bestShare;
        ImmutableArray<long> reads = [.. kept.Select(w => (long)Math.Ceiling(w / kept.Sum() * total))];
        double[,] found = Inverse(shapes, [.. reads.Select(n => (double)n)], points, terms, NumericalLimit);
        return new(
            [.. points.Select(point => point.Name)], reads, reads.Sum(), [.. Enumerable.Range(0, p).Select(j => Math.Sqrt(found[j, j]))],
                best / Math.Max(bound, 1e-300) - 1);
    }

    /// <summary>Reads, in all, that a given set of probes (the rows of a network's activations, say) needs when it is read in equal parts.</summary>
    /// <inheritdoc cref="Plan" path="/param"/>
    /// <inheritdoc cref="Plan" path="/exception"/>
    public static double ReadsInEqualParts(
        IReadOnlyList<(string Name, ProbeConditions Conditions)> points,
        DeviceFullScale full,
        IReadOnlyList<(MixTerm Term, double Sigma)> terms,
        double converter,
        double relativeError)
    {
        double[,] inverse = Inverse(Shapes(points, full, terms, converter), [.. points.Select(_ => 1.0 / points.Count)], points, terms, LargestCondition);
        return Enumerable.Range(0, terms.Count).Max(j => inverse[j, j]) / (relativeError * relativeError);
    }

    // x_j theta_j / (v sqrt(2)): information per read about ln theta.
    private static double[][] Shapes(
        IReadOnlyList<(string Name, ProbeConditions Conditions)> points, DeviceFullScale full, IReadOnlyList<(MixTerm Term, double Sigma)> terms,
            double converter)
    {
        double[][] variances = [.. points.Select(point => terms.Select(term => term.Sigma * term.Sigma * point.Conditions.Shape(term.Term, full)).ToArray())];
        return [.. variances.Select(parts => parts.Select(part => part / Math.Max(1e-300, (converter + parts.Sum()) * Math.Sqrt(2))).ToArray())];
    }

    private static double[,] Information(double[][] shapes, double[] reads, int p)
    {
        double[,] information = new double[p, p];
        for (int i = 0; i < shapes.Length; i++)
        {
            for (int j = 0; j < p; j++)
            {
                for (int k = 0; k < p; k++)
                {
                    information[j, k] += reads[i] * shapes[i][j] * shapes[i][k];
                }
            }
        }

        return information;
    }

    private static bool IsSeparable(double[,] information, double limit)
    {
        int p = information.GetLength(0);
        return Enumerable.Range(0, p).All(j => information[j, j] > 0) && (p == 1 || Conditioning.Number(information) < limit);
    }

    private static double[,] Inverse(
        double[][] shapes, double[] reads, IReadOnlyList<(string Name, ProbeConditions Conditions)> points, IReadOnlyList<(MixTerm Term, double Sigma)> terms,
            double limit)
    {
        double[,] information = Information(shapes, reads, terms.Count);
        return IsSeparable(information, limit)
            ? SymmetricSolver.Inverse(information)
            : throw new CalibrationException(
                CalibrationFault.Unsupported,
                $"the probes {string.Join(", ", points.Take(6).Select(point => point.Name))}{(points.Count > 6 ? " ..." : "")} do not separate "
                    + $"{string.Join(", ", terms.Select(term => term.Term))}: "
                + "add dark reads, inputs at full scale with weights 0, and both at full scale");
    }
}
