using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.Search.Variants;

/// <summary>A variant that was learned and searched.</summary>
/// <param name="Name">Its name, as in <see cref="VariantOutcome"/>.</param>
/// <param name="Method">What was learned with it; null where that is shares of the energy alone.</param>
/// <param name="Shape">How the energy is shared.</param>
/// <param name="Search">The search for its smallest energy.</param>
/// <param name="Found">What that found.</param>
/// <param name="Limits">Limits of K that averaging sets; null where it sets none.</param>
/// <param name="Joules">Declared energy of one image with the plan that was found; null where none is declared.</param>
internal sealed record VariantAttempt(
    string Name, MethodResult? Method, LearnedShape Shape, BudgetSearch Search, EnergyOutcome Found, RepeatLimits? Limits, double? Joules)
{
    /// <summary>Of those that are predicted to be accepted the one that spends least, and of equal ones the first; null where none is.</summary>
    /// <param name="attempts">The simplest first. Where one of them has no declared energy, repeats per multiply-accumulate are compared.</param>
    public static VariantAttempt? Cheapest(IReadOnlyList<VariantAttempt> attempts)
    {
        bool declared = attempts.All(attempt => attempt.Joules is not null);
        return attempts.Where(attempt => attempt.Found.Reachable).MinBy(attempt => declared ? attempt.Joules : attempt.Found.Energy);
    }

    /// <summary>What is told of it.</summary>
    /// <param name="plain">The variant that energies are compared with.</param>
    /// <param name="chosen">Whether the plan is this one.</param>
    public VariantOutcome Outcome(VariantAttempt plain, bool chosen) => new(
        Name,
        Found.Reachable,
        Found.Energy,
        Found.EnergyInterval,
        this == plain || !plain.Found.Reachable || !Found.Reachable
            ? null
            : PairedEnergyRatio.Of(plain.Found, Found, plain.Search.SampleOf(plain.Found.Point), Search.SampleOf(Found.Point)),
        Joules,
        chosen)
    {
        // The energy is read off a curve through all points that were tried.
        Images = Found.Points.Select(point => point.Images).DefaultIfEmpty().Max(),
        Draws = Found.Points.Select(point => point.Seeds).DefaultIfEmpty().Max(),
    };
}
