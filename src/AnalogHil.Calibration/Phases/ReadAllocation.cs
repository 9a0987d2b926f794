using System.Collections.Immutable;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Phases;

/// <summary>
/// When sigma is known well enough, and which design points the next reads are best spent on: the ones that bring down the worst intervals,
/// by the expected information.
/// </summary>
/// <param name="options">Targets.</param>
/// <param name="regressors">Regressors of every design point: a term counts by its largest share of the variance at any of them.</param>
internal sealed class ReadAllocation(CalibrationOptions options, ImmutableArray<ImmutableArray<double>> regressors)
{
    // A point without any noise (ideal converter, dark) has no shares; its variance is rounding.
    private const double Silent = 1e-9;

    private const double LeastGrowth = 1.25;
    private const double LargestGrowth = 4;

    // The largest excess alone cannot be brought down where two terms share it and no point helps both; a high power of all of them can.
    private const double Power = 8;

    // Aiming slightly past the target spares a last look for a last per cent.
    private const double Margin = 1.06;

    /// <summary>
    /// Interval over target: 1 or less is reached. A term is done when its interval is narrow enough, or, absent or not, when the upper limit of its
    /// share of the variance is small enough at every design point: a present term of one per cent would cost millions of reads and change little downstream.
    /// </summary>
    /// <param name="term">The estimate.</param>
    /// <param name="index">Its place among the terms.</param>
    /// <param name="mix">The fit behind it.</param>
    public double Excess(NoiseTermEstimate term, int index, VarianceMix mix)
    {
        double share = Share(term.Sigma.Interval.High * term.Sigma.Interval.High, index, mix) / options.AbsentShare;
        return term.Present ? Math.Min(term.Sigma.RelativeHalfWidth / options.RelativeHalfWidth, share) : share;
    }

    /// <summary>Largest share, over the design points, that sigma^2 = <paramref name="theta"/> of a term has in the fitted variance.</summary>
    public double Share(double theta, int index, VarianceMix mix)
    {
        double loudest = regressors.Select((_, i) => mix.Fitted(i)).Max();
        return regressors.Select((x, i) => mix.Fitted(i) > Silent * loudest ? theta * x[index] / mix.Fitted(i) : 0).Max();
    }

    /// <summary>Calls to make next at each design point.</summary>
    /// <param name="terms">Estimates so far.</param>
    /// <param name="mix">The fit behind them.</param>
    /// <param name="dof">Degrees of freedom so far at each point.</param>
    /// <param name="dofPerCall">Degrees of freedom that a call adds.</param>
    /// <param name="most">Most calls allowed.</param>
    public int[] Next(ImmutableArray<NoiseTermEstimate> terms, VarianceMix mix, double[] dof, double dofPerCall, long most)
    {
        double worst = terms.Select((term, j) => Excess(term, j, mix)).Max();
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
                double remaining = Predicted(terms, mix, planned);
                planned[i] -= size * dofPerCall;
                if (remaining < least)
                {
                    (best, least) = (i, remaining);
                }
            }

            next[best] += size;
            planned[best] += size * dofPerCall;
        }

        return next;
    }

    private double Predicted(ImmutableArray<NoiseTermEstimate> terms, VarianceMix mix, double[] dof)
    {
        double[,] covariance = SymmetricSolver.Inverse(mix.Information(dof));
        double sum = 0;
        for (int j = 0; j < terms.Length; j++)
        {
            double error = Math.Sqrt(covariance[j, j]);
            double limit = mix.Theta[j] + (terms[j].Present ? 1.96 : 1.645) * error;
            double share = Share(limit, j, mix) / options.AbsentShare;
            sum += Math.Pow(terms[j].Present ? Math.Min(1.96 * error / (2 * mix.Theta[j]) / options.RelativeHalfWidth, share) : share, Power);
        }

        return sum;
    }
}
