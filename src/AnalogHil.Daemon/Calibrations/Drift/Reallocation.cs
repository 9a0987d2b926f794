using AnalogHil.Core.Plans;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.PlanLearning;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>A plan after drift.</summary>
/// <param name="Outcome">What drift means for it.</param>
/// <param name="Plan">The plan to be in force: the old one, or another within its energy.</param>
/// <param name="Certificate">What the certification of that plan under the renewed noise shows.</param>
/// <param name="Budget">Energy of the old plan, reads per multiply-accumulate: the limit.</param>
/// <param name="Reason">The same in words, with figures; in the degraded mode what is missing.</param>
internal sealed record Reallocation(ReallocationOutcome Outcome, PrecisionPlan Plan, Certificate Certificate, double Budget, string Reason)
{
    /// <summary>Certifications made on the examples, each at <see cref="DriftReallocation.LevelOfEach"/>: 1 or 2.</summary>
    public required int Looks { get; init; }

    /// <summary>The other plan with all that it rests on; null where the old one stays.</summary>
    public LearnedPlan? Learned { get; init; }
}
