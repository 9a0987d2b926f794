using AnalogHil.Engine;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>Where a network on grids came from.</summary>
/// <param name="Network">The float32 network.</param>
/// <param name="Rule">How ranges of inputs were found, one of <see cref="Engine.Quantisation.RangeRules.Names"/>.</param>
/// <param name="InputBits">Bits of inputs.</param>
/// <param name="WeightBits">Bits of weights, one grid for each output channel.</param>
/// <param name="Images">Calibration examples that ranges were observed on.</param>
public sealed record QuantisedFrom(OnnxNetwork Network, string Rule, int InputBits, int WeightBits, int Images);
