namespace AnalogHil.Core.Statistics;

/// <summary>A measured figure with what makes it honest: its interval, the level of that interval, its unit and the number of observations.</summary>
/// <param name="Value">Point estimate, in <paramref name="Unit"/>.</param>
/// <param name="Interval">Confidence interval, in <paramref name="Unit"/>.</param>
/// <param name="Unit">Unit of value and interval; "1" for a dimensionless figure.</param>
/// <param name="N">Number of observations (reads, examples) behind the figure.</param>
/// <param name="Level">Confidence level of the interval, in (0, 1).</param>
/// <exception cref="ArgumentOutOfRangeException">The value is not a number, N is negative, or the level is outside (0, 1).</exception>
public sealed record Estimate(double Value, Interval Interval, string Unit, long N, double Level = 0.95)
{
    /// <summary>Point estimate, in <see cref="Unit"/>.</summary>
    public double Value { get; init; } = double.IsNaN(Value)
        ? throw new ArgumentOutOfRangeException(nameof(Value), Value, $"an estimate ({Unit}, n = {N}) is not a number")
        : Value;

    /// <summary>Number of observations behind the figure.</summary>
    public long N { get; init; } = N >= 0 ? N : throw new ArgumentOutOfRangeException(nameof(N), N, $"{N} observations");

    /// <summary>Confidence level of the interval, in (0, 1).</summary>
    public double Level { get; init; } = Require.Level(Level);

    /// <summary>Half-width of the interval divided by the value; positive infinity when the value is not positive.</summary>
    public double RelativeHalfWidth => Value > 0 ? Interval.HalfWidth / Value : double.PositiveInfinity;
}
