namespace AnalogHil.Core.Statistics;

/// <summary>A measured figure with what makes it honest: its interval, the level of that interval, its unit and the number of observations.</summary>
/// <param name="Value">Point estimate, in <paramref name="Unit"/>.</param>
/// <param name="Interval">Confidence interval, in <paramref name="Unit"/>.</param>
/// <param name="Unit">Unit of value and interval; "1" for a dimensionless figure.</param>
/// <param name="N">Number of observations (reads, examples) behind the figure.</param>
/// <param name="Level">Confidence level of the interval, in (0, 1).</param>
public sealed record Estimate(double Value, Interval Interval, string Unit, long N, double Level = 0.95)
{
    /// <summary>Half-width of the interval divided by the value; positive infinity when the value is not positive.</summary>
    public double RelativeHalfWidth => Value > 0 ? Interval.HalfWidth / Value : double.PositiveInfinity;
}
