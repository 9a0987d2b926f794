namespace AnalogHil.Core.Statistics;

/// <summary>A closed interval [<see cref="Low"/>, <see cref="High"/>]; the level it holds at is said by whoever hands it out.</summary>
/// <param name="Low">Lower limit, in the unit of the quantity.</param>
/// <param name="High">Upper limit, in the unit of the quantity; may be positive infinity for a one-sided limit.</param>
/// <exception cref="ArgumentException">A limit is not a number, or the lower lies above the upper.</exception>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Lower limit, in the unit of the quantity.</summary>
    public double Low { get; } = Low <= High
        ? Low
        : throw new ArgumentException($"[{Low}, {High}] is no interval: the lower limit must be a number and not exceed the upper", nameof(Low));

    /// <summary>Upper limit, in the unit of the quantity.</summary>
    public double High { get; } = High;

    /// <summary>High minus low.</summary>
    public double Width => High - Low;

    /// <summary>Half of <see cref="Width"/>.</summary>
    public double HalfWidth => 0.5 * (High - Low);

    /// <summary>Whether <paramref name="value"/> lies inside, limits included.</summary>
    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>Whether this interval lies wholly inside <paramref name="other"/>.</summary>
    public bool Within(Interval other) => Low >= other.Low && High <= other.High;
}
