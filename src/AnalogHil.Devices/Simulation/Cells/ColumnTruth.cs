using System.Collections.Immutable;

namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>What one column of one programmed copy gives at one input vector, from the present state of its cells.</summary>
/// <param name="Mean">Expectation of a read, dot-product units, before gain, offset and converter.</param>
/// <param name="Stuck">Whether the column's output is stuck: it reads one value whatever is driven.</param>
/// <param name="Parts">Causes of its noise; none when stuck.</param>
public sealed record ColumnTruth(double Mean, bool Stuck, ImmutableArray<NoisePart> Parts)
{
    /// <summary>Ensemble variance of the mean of K reads in a row (read-and-average), before the converter, dot-product units squared.</summary>
    /// <param name="repeats">K.</param>
    public double VarianceOfMean(int repeats) => Parts.Sum(part => part.Variance * part.Law.Remaining(repeats));

    /// <summary>
    /// Expected sample variance (n - 1 in the denominator) over <paramref name="vectors"/> equal vectors driven in a row with K reads each:
    /// below the ensemble's where noise is slower than the run, since the mean of the run follows it.
    /// </summary>
    public double SampleVariance(int vectors, int repeats) => Parts.Sum(part =>
        part.Variance * (part.Law.Remaining(repeats) - part.Law.Remaining(checked(vectors * repeats)))) * vectors / (vectors - 1);
}
