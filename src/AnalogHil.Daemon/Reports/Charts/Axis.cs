namespace AnalogHil.Daemon.Reports.Charts;

/// <summary>Maps figures to places along one side of a chart, evenly or by their logarithm.</summary>
internal sealed class Axis
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _start;
    private readonly double _end;
    private readonly bool _logarithmic;

    private Axis(double low, double high, double start, double end, bool logarithmic, IReadOnlyList<double> ticks)
    {
        (_low, _high, _start, _end, _logarithmic, Ticks) = (low, high, start, end, logarithmic, ticks);
    }

    /// <summary>Whether it goes by the logarithm.</summary>
    public bool IsLogarithmic => _logarithmic;

    /// <summary>Figures worth a label.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An even axis that contains every finite value given, from <paramref name="start"/> to <paramref name="end"/>, ending on labelled figures.</summary>
    public static Axis Linear(IEnumerable<double> values, double start, double end, int ticks = 5)
    {
        (double low, double high) = Range(values, 0, 1);
        if (high - low < 1e-12 * Math.Max(Math.Abs(high), 1e-300))
        {
            double margin = high == 0 ? 1 : 0.5 * Math.Abs(high);
            (low, high) = (low - margin, high + margin);
        }

        double step = Step((high - low) / ticks);
        low = Math.Floor(low / step + 1e-9) * step;
        high = Math.Ceiling(high / step - 1e-9) * step;
        int count = (int)Math.Round((high - low) / step);
        return new Axis(low, high, start, end, false, [.. Enumerable.Range(0, count + 1).Select(i => Math.Round(low / step + i) * step)]);
    }

    /// <summary>A logarithmic axis over every positive value given, with a little room at both ends.</summary>
    public static Axis Logarithmic(IEnumerable<double> values, double start, double end, IReadOnlyList<double>? ticks = null)
    {
        (double low, double high) = Range(values.Where(value => value > 0), 0.1, 1);
        double room = Math.Max(0.06 * Math.Log(high / low), 0.08);
        (low, high) = (low * Math.Exp(-room), high * Math.Exp(room));
        return new Axis(low, high, start, end, true, ticks ?? Decades(low, high));
    }

    /// <summary>Place of a figure; those outside are put on the edge.</summary>
    public double this[double value]
    {
        get
        {
            double share = _logarithmic
                ? Math.Log(Math.Max(value, double.Epsilon) / _low) / Math.Log(_high / _low)
                : (value - _low) / (_high - _low);
            return _start + Math.Clamp(share, 0, 1) * (_end - _start);
        }
    }

    private static List<double> Decades(double low, double high)
    {
        double[] steps = Math.Log10(high / low) switch
        {
            > 3 => [1],
            > 2 => [1, 3],
            > 0.6 => [1, 2, 5],
            _ => [1, 1.5, 2, 3, 4, 5, 6, 8],
        };
        var ticks = new List<double>();
        for (int decade = (int)Math.Floor(Math.Log10(low)); Math.Pow(10, decade) <= high; decade++)
        {
            ticks.AddRange(steps.Select(step => step * Math.Pow(10, decade)).Where(tick => tick >= low && tick <= high));
        }

        return ticks;
    }

    private static double Step(double rough)
    {
        double decade = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / decade) switch
        {
            <= 1 => decade,
            <= 2 => 2 * decade,
            <= 5 => 5 * decade,
            _ => 10 * decade,
        };
    }

    private static (double Low, double High) Range(IEnumerable<double> values, double low, double high)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length == 0 ? (low, high) : (finite.Min(), finite.Max());
    }
}
