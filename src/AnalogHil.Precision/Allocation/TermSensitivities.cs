using System.Collections.Immutable;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;

namespace AnalogHil.Precision.Allocation;

/// <summary>
/// Second-order loss of each part of a device's noise, entry by entry, for one read: what allocation against floors, averaging laws, modes and other
/// sigmas is computed from without passing another image. Loss of entry j at K: sum_t u_tj f_t(K) + converter_j c(K) + rounding_j.
/// </summary>
/// <param name="Terms">The device's terms; of those of sigma 0 only the ones with an upper limit, which may be more.</param>
/// <param name="OfTerm">[term][entry] u at <see cref="SigmaOf"/>, nats for one image.</param>
/// <param name="Converter">[entry] of the output converter's step, one read.</param>
/// <param name="Rounding">[entry] of rounded inputs, which no K divides.</param>
/// <param name="Cost">[entry] n, multiply-accumulates of one repeat for one image.</param>
public sealed record TermSensitivities(
    ImmutableArray<NoiseTermEstimate> Terms, double[][] OfTerm, double[] Converter, double[] Rounding, double[] Cost)
{
    /// <summary>How repeats were made when the averaging of the terms was measured; says whether they hold that accumulated reads are converted once.</summary>
    /// <value>Default: read and averaged, as every device is measured that offers it.</value>
    public RedundancyMode MeasuredIn { get; init; } = RedundancyMode.ReadAndAverage;

    /// <summary>Number of entries.</summary>
    public int Count => Cost.Length;

    /// <summary>sigma that a term's losses are measured at: the estimate, or the upper limit of a term whose estimate is 0.</summary>
    /// <param name="term">The term.</param>
    /// <returns>0 where neither is above 0 and finite: there is nothing to measure.</returns>
    public static double SigmaOf(NoiseTermEstimate term)
    {
        double sigma = term.Sigma.Value > 0 ? term.Sigma.Value : term.Sigma.Interval.High;
        return double.IsFinite(sigma) ? Math.Max(sigma, 0) : 0;
    }

    /// <summary>Loss of an entry, nats.</summary>
    /// <param name="entry">Which.</param>
    /// <param name="repeats">K, at least 1; real values allowed.</param>
    /// <param name="mode">How the repeats are made; says what averages.</param>
    /// <param name="sigmas">sigma of each term to be taken; empty for the estimates.</param>
    public double Loss(int entry, double repeats, RedundancyMode mode, ReadOnlySpan<double> sigmas = default)
    {
        double loss = Rounding[entry] + Converter[entry] * ModeAveraging.Converter(mode, MeasuredIn, repeats);
        for (int t = 0; t < Terms.Length; t++)
        {
            loss += OfTerm[t][entry] * Scale(t, sigmas) * ModeAveraging.Factor(Terms[t].Averaging, mode, repeats);
        }

        return loss;
    }

    /// <summary>Loss of all entries that remains however many repeats are made.</summary>
    /// <param name="mode">How the repeats are made.</param>
    /// <param name="sigmas">sigma of each term to be taken; empty for the estimates.</param>
    public double Floor(RedundancyMode mode, ReadOnlySpan<double> sigmas = default)
    {
        double floor = Rounding.Sum() + (ModeAveraging.ConvertsOnce(mode, MeasuredIn) ? Converter.Sum() : 0);
        for (int t = 0; t < Terms.Length; t++)
        {
            floor += OfTerm[t].Sum() * Scale(t, sigmas) * ModeAveraging.FloorShare(Terms[t].Averaging, mode);
        }

        return floor;
    }

    /// <summary>[entry] loss of the averaging part of one read: the s of <see cref="Learning.AllocationProblem"/>, correlation between reads left out.</summary>
    /// <inheritdoc cref="Floor" path="/param"/>
    public double[] AveragingPart(RedundancyMode mode, ReadOnlySpan<double> sigmas = default)
    {
        double[] part = ModeAveraging.ConvertsOnce(mode, MeasuredIn) ? new double[Count] : [.. Converter];
        for (int t = 0; t < Terms.Length; t++)
        {
            double share = Scale(t, sigmas) * (1 - ModeAveraging.FloorShare(Terms[t].Averaging, mode));
            for (int j = 0; j < part.Length; j++)
            {
                part[j] += OfTerm[t][j] * share;
            }
        }

        return part;
    }

    private double Scale(int term, ReadOnlySpan<double> sigmas)
    {
        double ratio = (sigmas.IsEmpty ? Terms[term].Sigma.Value : sigmas[term]) / SigmaOf(Terms[term]);
        return ratio * ratio;
    }
}
