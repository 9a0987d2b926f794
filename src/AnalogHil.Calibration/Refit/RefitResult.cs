using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Calibration.Mix;

namespace AnalogHil.Calibration.Refit;

/// <summary>What a fit of archived reads found.</summary>
/// <param name="Mix">The separated mix.</param>
/// <param name="Points">One a design point.</param>
/// <param name="Excluded">Columns left out, by name and with the reason.</param>
/// <param name="Warnings">What to know before trusting the figures; nothing was left out that is not named here or in <paramref name="Excluded"/>.</param>
public sealed record RefitResult(
    MixResult Mix, ImmutableArray<PointStudy> Points, ImmutableArray<ExcludedColumn> Excluded, ImmutableArray<string> Warnings)
{
    /// <summary>The figures as lines of text: value, interval, level, n and unit of each.</summary>
    public IEnumerable<string> Report()
    {
        foreach (MixTermFit term in Mix.Terms)
        {
            yield return Text($"{term.Term}: sigma {term.Sigma.Value:G5} [{term.Sigma.Interval.Low:G5}, {term.Sigma.Interval.High:G5}] ")
                + Text($"of full scale ({term.Sigma.Level:P0}), n = {term.Sigma.N} reads; ")
                + Text($"{(term.Present ? "present" : "not told from zero")}, likelihood ratio {term.LikelihoodRatio:F2}, probability {term.Probability:G3}");
        }

        yield return Text($"design: condition number {Mix.ConditionNumber:F2}; ")
            + Text($"misfit {Mix.Misfit:F2} with {Mix.MisfitDof} degrees of freedom, probability {Mix.MisfitProbability:G3}");
        foreach (PointStudy point in Points)
        {
            yield return Text($"{point.Observation.Point}: variance {point.Observation.Variance:G5} squared dot-product units, ")
                + Text($"{point.Observation.Dof:F0} degrees of freedom, noise {point.Steps:F2} converter steps, ")
                + Text($"{point.OutlierCount} outliers, von Neumann score {point.VonNeumannScore:F1}");
        }

        foreach (string line in Excluded.Select(column => "left out: " + column.Detail).Concat(Warnings.Select(warning => "warning: " + warning)))
        {
            yield return line;
        }

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
