using System.Collections.Immutable;
using AnalogHil.Calibration.Estimation;
using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Statistics;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Comparison;

/// <summary>What changed between two calibrations of one device, and whether it is more than chance.</summary>
/// <param name="Figures">Every figure that both have, in order of name.</param>
/// <param name="OnlyBefore">Figures that only the earlier has.</param>
/// <param name="OnlyAfter">Figures that only the later has.</param>
/// <param name="FamilyLevel">Chance that any figure of an unchanged device is called changed, in (0, 1).</param>
public sealed record CalibrationComparison(
    ImmutableArray<FigureChange> Figures, ImmutableArray<string> OnlyBefore, ImmutableArray<string> OnlyAfter, double FamilyLevel)
{
    /// <summary>Whether any figure changed.</summary>
    public bool Changed => Figures.Any(figure => figure.Significant);

    /// <summary>Compares noise profiles, term by term.</summary>
    /// <exception cref="ArgumentException">The profiles' spans differ: their sigmas are parts of different full scales.</exception>
    public static CalibrationComparison Of(NoiseProfile before, NoiseProfile after, double familyLevel = 0.05) =>
        before.FullScale == after.FullScale
            ? Of(SigmasOf(before), SigmasOf(after), familyLevel)
            : throw new ArgumentException($"full scales differ ({before.FullScale} and {after.FullScale}); "
                + "sigmas of different spans cannot be compared", nameof(after));

    /// <summary>Compares two fits of a mix, term by term.</summary>
    public static CalibrationComparison Of(MixResult before, MixResult after, double familyLevel = 0.05) => Of(SigmasOf(before), SigmasOf(after), familyLevel);

    /// <summary>Compares named figures.</summary>
    /// <param name="before">Earlier; figures of both are estimated from different reads.</param>
    /// <param name="after">Later.</param>
    /// <param name="familyLevel">Chance of any false claim, in (0, 1).</param>
    /// <remarks>
    /// Standard errors come from the intervals. Figures that cannot be negative and may be absent (sigma) are compared as variances, where the
    /// difference of two nearly absent ones is nearly normal.
    /// </remarks>
    /// <exception cref="ArgumentException">Equal names have different units, or the level is outside (0, 1).</exception>
    public static CalibrationComparison Of(IReadOnlyDictionary<string, Estimate> before, IReadOnlyDictionary<string, Estimate> after, double familyLevel = 0.05)
    {
        if (!(familyLevel is > 0 and < 1))
        {
            throw new ArgumentException($"a family level of {familyLevel}; it lies strictly between 0 and 1", nameof(familyLevel));
        }

        string[] both = [.. before.Keys.Where(after.ContainsKey).Order(StringComparer.Ordinal)];
        FigureChange[] changes = [.. both.Select(name => Change(name, before[name], after[name]))];
        ImmutableArray<double> adjusted = HolmProcedure.Adjust([.. changes.Select(change => change.Probability)]);
        return new(
            [.. changes.Select((change, i) => change with { Adjusted = adjusted[i], Significant = adjusted[i] <= familyLevel })],
            [.. before.Keys.Except(both).Order(StringComparer.Ordinal)],
            [.. after.Keys.Except(both).Order(StringComparer.Ordinal)],
            familyLevel);
    }

    /// <summary>The comparison as lines of text.</summary>
    public IEnumerable<string> Report()
    {
        foreach (FigureChange figure in Figures)
        {
            string verdict = figure.Significant ? "changed" : "not told from chance";
            yield return Text($"{figure.Name}: {figure.Before.Value:G5} -> {figure.After.Value:G5} {figure.After.Unit}, ")
                + Text($"change {figure.Change.Value:G4} [{figure.Change.Interval.Low:G4}, {figure.Change.Interval.High:G4}] ({figure.Change.Level:P0}), ")
                + Text($"n = {figure.Before.N} and {figure.After.N}; ")
                + Text($"probability {figure.Probability:G3}, {figure.Adjusted:G3} over {Figures.Length} figures: {verdict}");
        }

        foreach (string line in OnlyBefore.Select(name => $"{name}: only in the earlier calibration")
            .Concat(OnlyAfter.Select(name => $"{name}: only in the later calibration")))
        {
            yield return line;
        }

        yield return Text($"{Figures.Count(figure => figure.Significant)} of {Figures.Length} figures changed; ")
            + Text($"an unchanged device shows any in {FamilyLevel:P1} of comparisons");
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static Dictionary<string, Estimate> SigmasOf(NoiseProfile profile) => profile.Terms.ToDictionary(term => $"sigma.{term.Term}", term => term.Sigma);

    private static Dictionary<string, Estimate> SigmasOf(MixResult mix) => mix.Terms.ToDictionary(term => $"sigma.{term.Term}", term => term.Sigma);

    private static FigureChange Change(string name, Estimate before, Estimate after)
    {
        if (before.Unit != after.Unit)
        {
            throw new ArgumentException($"{name} is in {before.Unit} before and in {after.Unit} after; compare equal units", nameof(after));
        }

        bool size = Math.Min(before.Interval.Low, after.Interval.Low) >= 0;
        (double Value, double Error) a = Moments(before, size);
        (double Value, double Error) b = Moments(after, size);
        double error = Math.Sqrt(a.Error * a.Error + b.Error * b.Error);
        double difference = b.Value - a.Value;
        double probability = error > 0 ? 2 * Normal.CDF(0, 1, -Math.Abs(difference) / error) : difference == 0 ? 1 : 0;

        // Newcombe's interval of a difference: each side takes the limits that pull towards it.
        double change = after.Value - before.Value;
        double low = change - Math.Sqrt(Square(after.Value - after.Interval.Low) + Square(before.Interval.High - before.Value));
        double high = change + Math.Sqrt(Square(after.Interval.High - after.Value) + Square(before.Value - before.Interval.Low));
        var estimate = new Estimate(change, new Interval(low, high), after.Unit, Math.Min(before.N, after.N), Math.Min(before.Level, after.Level));
        return new(name, before, after, estimate, probability, probability, false);
    }

    private static (double Value, double Error) Moments(Estimate estimate, bool size)
    {
        double z = Normal.InvCDF(0, 1, 0.5 * (1 + estimate.Level));
        if (!size)
        {
            return (estimate.Value, estimate.Interval.HalfWidth / z);
        }

        (double low, double value, double high) = (Square(estimate.Interval.Low), Square(estimate.Value), Square(estimate.Interval.High));

        // An interval that ends at 0 has lost its lower half.
        return (value, estimate.Interval.Low > 0 ? 0.5 * (high - low) / z : (high - value) / z);
    }

    private static double Square(double value) => value * value;
}
