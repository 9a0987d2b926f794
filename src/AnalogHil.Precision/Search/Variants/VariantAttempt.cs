using AnalogHil.Core.Plans;
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
internal sealed record VariantAttempt(
    string Name, MethodResult? Method, LearnedShape Shape, BudgetSearch Search, EnergyOutcome Found, RepeatLimits? Limits)
{
    /// <summary>Of several that are predicted to be accepted the one that spends least, and of equal ones the first; where none is, the one that loses least.</summary>
    /// <param name="attempts">The simplest first.</param>
    /// <param name="joules">Declared energy of a plan; where there is none, repeats are compared.</param>
    public static VariantAttempt Cheapest(IReadOnlyList<VariantAttempt> attempts, Func<PrecisionPlan, double>? joules) =>
        attempts.Where(attempt => attempt.Found.Reachable).MinBy(attempt => attempt.Joules(joules) ?? attempt.Found.Energy)
            ?? attempts.MinBy(attempt => attempt.Found.Drop)!;

    /// <summary>What is told of it.</summary>
    public VariantOutcome Outcome(VariantAttempt plain, Func<PrecisionPlan, double>? joules, bool chosen) => new(
        Name,
        Found.Reachable,
        Found.Energy,
        Found.EnergyInterval,
        this == plain || !plain.Found.Reachable || !Found.Reachable
            ? null
            : PairedEnergyRatio.Of(plain.Found, Found, plain.Search.SampleOf(plain.Found.Point), Search.SampleOf(Found.Point)),
        Joules(joules),
        chosen);

    private double? Joules(Func<PrecisionPlan, double>? joules) => joules?.Invoke(Found.Point.Plan!) is > 0 and var spent ? spent : null;
}
