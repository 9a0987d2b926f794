using System.Collections.Immutable;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>Full scales of one layer: inputs and weights are saturated there and lie on grids of as many bits between them.</summary>
/// <param name="InputLow">Smallest input, at most 0.</param>
/// <param name="InputHigh">Largest input.</param>
/// <param name="InputBits">Bits of the inputs.</param>
/// <param name="WeightLow">Smallest weight of each output channel.</param>
/// <param name="WeightHigh">Largest weight of each output channel.</param>
/// <param name="WeightBits">Bits of the weights.</param>
public sealed record PlanFullScale(
    double InputLow, double InputHigh, int InputBits, ImmutableArray<double> WeightLow, ImmutableArray<double> WeightHigh, int WeightBits);
