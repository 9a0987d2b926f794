using System.CommandLine.Parsing;
using System.Globalization;

namespace AnalogHil.Cli.Commands;

/// <summary>Numbers on the command line: what is none, or out of range, is answered with value, limit and remedy.</summary>
internal static class Numbers
{
    /// <summary>A number with a point as its decimal sign.</summary>
    /// <param name="allowed">Whether it is in range.</param>
    /// <param name="limit">What it must be, and what to do; follows "--option is VALUE, ".</param>
    public static Func<ArgumentResult, double?> Real(Predicate<double> allowed, string limit) => Parse(
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && allowed(value) ? value : (double?)null, limit);

    /// <summary>A whole number that is not negative.</summary>
    /// <param name="limit">What it must be, and what to do; follows "--option is VALUE, ".</param>
    public static Func<ArgumentResult, ulong?> Natural(string limit) => Parse(
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : (ulong?)null, limit);

    /// <summary>A count.</summary>
    /// <param name="fewest">Smallest.</param>
    /// <param name="limit">What it must be, and what to do; follows "--option is VALUE, ".</param>
    public static Func<ArgumentResult, int?> Count(int fewest, string limit) => Count(fewest, int.MaxValue, limit);

    /// <summary>A count in a range.</summary>
    /// <param name="fewest">Smallest.</param>
    /// <param name="most">Largest.</param>
    /// <param name="limit">What it must be, and what to do; follows "--option is VALUE, ".</param>
    public static Func<ArgumentResult, int?> Count(int fewest, int most, string limit) => Parse(
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= fewest && value <= most
            ? value
            : (int?)null,
        limit);

    private static Func<ArgumentResult, T?> Parse<T>(Func<string, T?> read, string limit)
        where T : struct => result =>
        {
            string given = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            T? value = read(given);
            if (value is null)
            {
                string option = (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
                result.AddError($"{option} is {given}, {limit}");
            }

            return value;
        };
}
