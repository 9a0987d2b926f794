using System.Collections.Immutable;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Phases;

/// <summary>
/// When sigma is known well enough, and which design points the next reads are best spent on: the ones that bring down the worst interval,
/// by the expected information.
/// </summary>
/// <param name="options">Targets.</param>
/// <param name="fullCorner">Regressors at the full corner, against which the share of an absent term is counted.</param>
internal sealed class ReadAllocation(CalibrationOptions options, ImmutableArray<double> fullCorner)
{
    private const double LeastGrowth = 1.25;
    private const double LargestGrowth = 4;

    // Aiming slightly past the target spares a last look for a last per cent.
    private const double Margin = 1.06;

    /// <summary>
    /// Interval over target: 1 or less is reached. A term is done when its interval is narrow enough, or, absent or not, when the upper limit of its
    /// share of the variance is small enough: a present term of one per cent would cost millions of reads and change nothing downstream.
    /// </summary>
    /// <param name="term">The estimate.</param>
    /// <param name="index">Its place among the terms.</param>
    /// <param name="fullVariance">Fitted variance at the full corner.</param>
    public double Excess(NoiseTermEstimate term, int index, double fullVariance)
    {
        double share = term.Sigma.Interval.High * term.Sigma.Interval.High * fullCorner[index] / fullVariance / options.AbsentShare;
        return term.Present ? Math.Min(term.Sigma.RelativeHalfWidth / options.RelativeHalfWidth, share) : share;
    }

    /// <summary>Calls to make next at each design point.</summary>
    /// <param name="terms">Estimates so far.</param>
    /// <param name="mix">The fit behind them.</param>
    /// <param name="dof">Degrees of freedom so far at each point.</param>
    /// <param name="dofPerCall">Degrees of freedom that a call adds.</param>
    /// <param name="most">Most calls allowed.</param>
    public int[] Next(ImmutableArray<NoiseTermEstimate> terms, VarianceMix mix, double[] dof, double dofPerCall, long most)
    {
        double fullVariance = mix.Fitted(dof.Length - 1);
        double worst = terms.Select((term, j) => Excess(term, j, fullVariance)).Max();
        double growth = Math.Clamp(worst * worst * Margin, LeastGrowth, LargestGrowth);
        long calls = Math.Clamp((long)Math.Ceiling((growth - 1) * dof.Sum() / dofPerCall), 1, most);
        int[] next = new int[dof.Length];
        double[] planned = [.. dof];
        int quantum = (int)Math.Max(1, calls / 24);
        for (long left = calls; left > 0; left -= quantum)
        {
            int size = (int)Math.Min(quantum, left);
            int best = 0;
            double least = double.PositiveInfinity;
            for (int i = 0; i < planned.Length; i++)
            {
                planned[i] += size * dofPerCall;
                double excess = Predicted(terms, mix, planned, fullVariance);
                planned[i] -= size * dofPerCall;
                if (excess < least)
                {
                    (best, least) = (i, excess);
                }
            }

            next[best] += size;
            planned[best] += size * dofPerCall;
        }

        return next;
    }

    private double Predicted(ImmutableArray<NoiseTermEstimate> terms, VarianceMix mix, double[] dof, double fullVariance)
    {
        double[,] covariance = SymmetricSolver.Inverse(mix.Information(dof));
        double worst = 0;
        for (int j = 0; j < terms.Length; j++)
        {
            double error = Math.Sqrt(covariance[j, j]);
            double limit = mix.Theta[j] + (terms[j].Present ? 1.96 : 1.645) * error;
            double share = limit * fullCorner[j] / fullVariance / options.AbsentShare;
            worst = Math.Max(
                worst, terms[j].Present ? Math.Min(1.96 * error / (2 * mix.Theta[j]) / options.RelativeHalfWidth, share) : share);
        }

        return worst;
    }
}
