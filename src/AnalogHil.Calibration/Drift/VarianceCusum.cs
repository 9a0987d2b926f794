using System.Collections.Concurrent;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace AnalogHil.Calibration.Drift;

/// <summary>
/// Watches the sample variances of short probes for a step of sigma up or down: two cumulative sums of log likelihood ratios (Page 1954). The
/// threshold is set so that false alarms come, on average, no oftener than asked for, by the chi-square law itself (Brook and Evans 1972).
/// </summary>
public sealed class VarianceCusum
{
    private const int States = 120;

    // Gauss-Hermite, 3 places: exact for what a normal error does to polynomials up to the fifth degree.
    private static readonly (double Place, double Weight)[] Nodes = [(-1.224744871391589, 1 / 6.0), (0, 2 / 3.0), (1.224744871391589, 1 / 6.0)];

    private static readonly ConcurrentDictionary<
        (double Dof, double Step, double RunLength, double ReferenceDof), (double Threshold, double RunLength)> Found = [];
    private readonly double _reference;
    private readonly double _dof;
    private readonly double _up;
    private readonly double _down;

    // Ratios of the true to the calibrated variance, with their probabilities.
    private readonly (double Ratio, double Weight)[] _truths;

    /// <summary>Sets a watch up.</summary>
    /// <param name="variance">Calibrated variance of one read at the probe's design point.</param>
    /// <param name="dof">Degrees of freedom of one probe, at least 2.</param>
    /// <param name="step">Relative step of sigma to be found, in (0, 1): 0.1 for 10 %.</param>
    /// <param name="runLength">Average number of probes between false alarms, at least 10.</param>
    /// <param name="referenceDof">Degrees of freedom of <paramref name="variance"/>: its own error brings false alarms, which the threshold
    /// allows for. Infinity where it is known.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public VarianceCusum(double variance, double dof, double step = 0.1, double runLength = 1000, double referenceDof = double.PositiveInfinity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variance);
        ArgumentOutOfRangeException.ThrowIfLessThan(dof, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(runLength, 10);
        if (!(step is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, $"a step of {step}; it lies strictly between 0 and 1 (10 % is 0.1)");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(referenceDof, 10);
        (_reference, _dof) = (variance, dof);
        (_up, _down) = ((1 + step) * (1 + step), (1 - step) * (1 - step));

        double error = Math.Sqrt(2 / referenceDof);
        _truths = error == 0 ? [(1, 1)] : [.. Nodes.Select(node => (Math.Exp(Math.Sqrt(2) * error * node.Place), node.Weight))];

        // Both sides alarm independently, to first order: 1 / ARL = 1 / ARL(up) + 1 / ARL(down). Charts of one kind share the search for it.
        (Threshold, RunLength) = Found.GetOrAdd((dof, step, runLength, referenceDof), _ =>
        {
            double threshold = ThresholdFor(runLength);
            return (threshold, AverageRunLength(threshold));
        });
    }

    private VarianceCusum(VarianceCusum like, double variance)
    {
        _truths = like._truths;
        (_reference, _dof, _up, _down) = (variance, like._dof, like._up, like._down);
        (Threshold, RunLength) = (like.Threshold, like.RunLength);
    }

    /// <summary>Log likelihood ratio at which an alarm is raised.</summary>
    public double Threshold { get; }

    /// <summary>Average number of probes between false alarms at <see cref="Threshold"/>.</summary>
    public double RunLength { get; }

    /// <summary>Evidence for a rise of sigma.</summary>
    public double Rise { get; private set; }

    /// <summary>Evidence for a fall of sigma.</summary>
    public double Fall { get; private set; }

    /// <summary>Probes since the watch began or was last reset.</summary>
    public int Probes { get; private set; }

    /// <summary>Adds a probe.</summary>
    /// <param name="variance">Its sample variance, with the degrees of freedom declared; not negative.</param>
    /// <returns>Whether sigma has changed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The variance is negative or not a number: a damaged probe is repeated, not added.</exception>
    public bool Add(double variance)
    {
        if (!(variance >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(variance), variance, $"a probe's variance is {variance}; repeat the probe");
        }

        Probes++;
        Rise = Math.Max(0, Rise + Score(variance / _reference, _up));
        Fall = Math.Max(0, Fall + Score(variance / _reference, _down));
        return Math.Max(Rise, Fall) >= Threshold;
    }

    /// <summary>A fresh watch of the same strictness over another variance: the threshold depends on ratios alone and is not computed again.</summary>
    /// <param name="variance">Calibrated variance of one read, above 0.</param>
    public VarianceCusum Alike(double variance)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(variance);
        return new VarianceCusum(this, variance);
    }

    /// <summary>Goes on with the evidence that another watch over the same variance gathered.</summary>
    /// <param name="rise">Evidence for a rise, at least 0.</param>
    /// <param name="fall">Evidence for a fall, at least 0.</param>
    /// <param name="probes">Probes behind it.</param>
    public void Restore(double rise, double fall, int probes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rise);
        ArgumentOutOfRangeException.ThrowIfNegative(fall);
        ArgumentOutOfRangeException.ThrowIfNegative(probes);
        (Rise, Fall, Probes) = (rise, fall, probes);
    }

    /// <summary>Forgets all evidence.</summary>
    public void Reset() => (Rise, Fall, Probes) = (0, 0, 0);

    // ln of the ratio of the chi-square densities at sigma^2 r and sigma^2.
    private double Score(double ratio, double r) => 0.5 * _dof * (ratio * (1 - 1 / r) - Math.Log(r));

    private double ThresholdFor(double runLength)
    {
        double low = 0.5;
        double high = 2;
        while (AverageRunLength(high) < runLength)
        {
            (low, high) = (high, 1.5 * high);
        }

        while (high - low > 1e-3)
        {
            double middle = 0.5 * (low + high);
            (low, high) = AverageRunLength(middle) < runLength ? (middle, high) : (low, middle);
        }

        return high;
    }

    // Rates of alarms, not run lengths, are averaged over the reference's error: a lucky reference does not make up for an unlucky one.
    private double AverageRunLength(double threshold) =>
        1 / _truths.Sum(truth => truth.Weight * (1 / RunLengthOf(threshold, _up, truth.Ratio) + 1 / RunLengthOf(threshold, _down, truth.Ratio)));

    /// <summary>Expected probes to an alarm of one side from 0: (I - Q) L = 1 over a grid of the sum's values.</summary>
    private double RunLengthOf(double threshold, double r, double truth)
    {
        double width = threshold / (States - 0.5);

        // Only the distance between two cells counts: below[d] is P(score < (d - States + 1/2) width).
        double[] below = [.. Enumerable.Range(0, 2 * States).Select(d => Below((d - States + 0.5) * width, r, truth))];
        Matrix<double> system = Matrix<double>.Build.Dense(States, States, (from, to) =>
        {
            int d = to - from + States;
            double probability = to == 0 ? below[d] : below[d] - below[d - 1];
            return (from == to ? 1 : 0) - probability;
        });
        return system.Solve(Vector<double>.Build.Dense(States, 1))[0];
    }

    /// <summary>P(score &lt; x) without a step, where the true variance is so many times the calibrated one.</summary>
    private double Below(double x, double r, double truth)
    {
        double statistic = (x / (0.5 * _dof) + Math.Log(r)) / (1 - 1 / r) * _dof / truth;
        return r > 1
            ? (statistic <= 0 ? 0 : ChiSquared.CDF(_dof, statistic))
            : (statistic <= 0 ? 1 : 1 - ChiSquared.CDF(_dof, statistic));
    }
}
