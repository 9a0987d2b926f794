using System.Globalization;

namespace AnalogHil.Daemon.Reports;

/// <summary>Numbers as people read them: as many digits as their interval justifies, no more.</summary>
internal static class Figures
{
    private const string Unknown = "\u2013";

    /// <summary>A number with that many significant digits; powers of ten only far from 1.</summary>
    public static string Significant(double value, int digits = 3)
    {
        if (double.IsNaN(value))
        {
            return Unknown;
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "\u221e" : "\u2212\u221e";
        }

        if (value == 0)
        {
            return "0";
        }

        int exponent = Exponent(value);
        return exponent is < -4 or > 6
            ? Scaled(value, digits - 1, exponent) + PowerOfTen(exponent)
            : Fixed(value, Math.Max(digits - 1 - exponent, 0));
    }

    /// <summary>A number with that many decimals and a true minus sign.</summary>
    public static string Fixed(double value, int decimals)
    {
        if (!double.IsFinite(value))
        {
            return Significant(value);
        }

        string text = value.ToString("N" + decimals, CultureInfo.InvariantCulture).Replace(',', '\u202f');
        return text.Replace('-', '\u2212');
    }

    /// <summary>A round number without closing zeros.</summary>
    public static string Trimmed(double value)
    {
        string text = Significant(value, 5);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>A number of one or two digits with its power of ten, for ticks far from 1.</summary>
    public static string Power(double value)
    {
        int exponent = Exponent(value);
        string mantissa = Trimmed(Math.Round(value / Math.Pow(10, exponent), 1));
        return mantissa == "1" ? PowerOfTen(exponent)[3..] : mantissa + PowerOfTen(exponent);
    }

    /// <summary>A redundancy: whole where it is whole, a mean over channels with one decimal.</summary>
    public static string Repeats(double repeats) => Fixed(repeats, repeats == Math.Round(repeats) ? 0 : 1);

    /// <summary>A count with its thousands set apart.</summary>
    public static string Count(long value) => Fixed(value, 0);

    /// <summary>"value [low, high]", rounded to two significant digits of the half-width.</summary>
    public static string WithInterval(double value, double low, double high)
    {
        double half = 0.5 * (high - low);
        if (!double.IsFinite(value) || !double.IsFinite(half) || half <= 0)
        {
            return $"{Significant(value)} [{Significant(low)}, {Significant(high)}]";
        }

        int decimals = 1 - Exponent(half);
        int exponent = Exponent(Math.Max(Math.Abs(value), Math.Max(Math.Abs(low), Math.Abs(high))));
        if (exponent is < -4 or > 6)
        {
            int places = Math.Max(decimals + exponent, 0);
            return $"{Scaled(value, places, exponent)} [{Scaled(low, places, exponent)}, {Scaled(high, places, exponent)}]{PowerOfTen(exponent)}";
        }

        int digits = Math.Max(decimals, 0);
        return $"{Fixed(value, digits)} [{Fixed(low, digits)}, {Fixed(high, digits)}]";
    }

    /// <summary>A fraction in percent.</summary>
    public static string Percent(double fraction, int decimals = 1) =>
        double.IsFinite(fraction) ? Fixed(100 * fraction, fraction == 0 ? 0 : decimals) + "\u202f%" : Unknown;

    private static int Exponent(double value) => (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-12);

    private static string Scaled(double value, int decimals, int exponent) => Fixed(value / Math.Pow(10, exponent), Math.Max(decimals, 0));

    internal static string PowerOfTen(int exponent) =>
        " \u00d7 10" + string.Concat(exponent.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '\u207b' : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[c - '0']));
}
