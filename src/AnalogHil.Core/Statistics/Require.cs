using System.Runtime.CompilerServices;

namespace AnalogHil.Core.Statistics;

/// <summary>Checks of arguments shared by the statistics, with messages that name value and limit.</summary>
internal static class Require
{
    public static double Level(double level, [CallerArgumentExpression(nameof(level))] string? name = null) =>
        level > 0 && level < 1
            ? level
            : throw new ArgumentOutOfRangeException(name, level, $"{name} is {level}; a confidence level or error rate lies strictly between 0 and 1 (95 % is 0.95)");

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be a finite number above 0");

    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be a finite number of at least 0");

    public static double Fraction(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; a fraction lies in [0, 1] (2 points are 0.02)");

    public static double Repeats(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 1 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; a dot product is read at least once, so K is finite and at least 1");
}
