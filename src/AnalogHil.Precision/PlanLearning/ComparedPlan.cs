using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>One plan of a comparison.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Energy">Energy at which its shape loses the drop on the fixed set.</param>
/// <param name="Ratio">That over the first plan's, paired draws.</param>
public sealed record ComparedPlan(PlanFile Plan, FixedSetEnergy Energy, FixedSetRatio Ratio);
