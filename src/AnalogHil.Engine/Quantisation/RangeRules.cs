using System.Collections.Immutable;

namespace AnalogHil.Engine.Quantisation;

/// <summary>Rules for the range of an input by the names that commands and files give them.</summary>
public static class RangeRules
{
    /// <summary>Smallest and largest value of batches, averaged over the batches.</summary>
    public const string MovingAverage = "moving-average";

    /// <summary>Smallest and largest value.</summary>
    public const string MinMax = "min-max";

    /// <summary>Values beyond the 99.99 percentile are clipped (Garg et al. 2021, figure 7).</summary>
    public const string Percentile = "percentile";

    /// <summary>The names.</summary>
    public static ImmutableArray<string> Names { get; } = [MovingAverage, MinMax, Percentile];

    /// <summary>The rule of a name.</summary>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public static RangeRule Of(string name) => name switch
    {
        MovingAverage => new MovingAverageRule(),
        MinMax => new MinMaxRule(),
        Percentile => new PercentileRule(),
        _ => throw new ArgumentException($"there is no rule '{name}' for the range of inputs; choose one of {string.Join(", ", Names)}", nameof(name)),
    };
}
