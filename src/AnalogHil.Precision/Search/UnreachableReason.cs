using System.Globalization;

namespace AnalogHil.Precision.Search;

/// <summary>Why no plan can be expected to pass, and what would help.</summary>
internal static class UnreachableReason
{
    /// <summary>The loss stays above the target however often everything is repeated.</summary>
    /// <param name="rule">The certification to come.</param>
    /// <param name="limit">The largest energy everywhere.</param>
    /// <param name="kept">The allocation that is handed out all the same.</param>
    /// <param name="options">Unit of E, and what limits it.</param>
    public static string Floor(AcceptanceRule rule, SearchPoint limit, SearchPoint kept, SearchOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"{AtTheLimit(rule, limit, options)}; a noise floor or too small a limit of K is in the way: {options.Remedy}. "
        + $"Kept in its place: {kept.Energy:0.##} {options.EnergyUnit} per MAC, the fewest tried whose loss these images do not tell from that");

    /// <summary>The loss is not shown to be above the target, but the certification has too few examples to show that it is below.</summary>
    /// <param name="rule">The certification to come.</param>
    /// <param name="limit">The largest energy everywhere.</param>
    /// <param name="options">Unit of E, and what limits it.</param>
    public static string TooFewExamples(AcceptanceRule rule, SearchPoint limit, SearchOptions options)
    {
        string remedy = rule.ExamplesNeeded(limit.Drop, limit.Discordance, limit.Images) is { } examples
            ? string.Create(CultureInfo.InvariantCulture, $"about {examples:N0} would do at this loss: give more images, or allow a larger drop")
            : $"no number of them would at this loss: {options.Remedy}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{AtTheLimit(rule, limit, options)}; {rule.Examples:N0} examples are too few for the certification to accept that with the wanted probability; {remedy}");
    }

    private static string AtTheLimit(AcceptanceRule rule, SearchPoint limit, SearchOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"even {limit.Energy:0.##} {options.EnergyUnit} of everything, {options.LimitName}, leave a drop of {100 * limit.Drop:0.00} points (95 %: {100 * limit.Interval.Low:0.00} to {100 * limit.Interval.High:0.00}, {limit.Images} images) against a target of {100 * rule.Target:0.00}");
}
