using AnalogHil.Precision.PlanLearning;

namespace AnalogHil.Cli.Plans;

/// <summary>Plans that were measured on the same images.</summary>
/// <param name="Plans">The plans, in the order given.</param>
/// <param name="Images">Number of images.</param>
internal sealed record MeasuredPlans(IReadOnlyList<ComparedPlan> Plans, int Images);
