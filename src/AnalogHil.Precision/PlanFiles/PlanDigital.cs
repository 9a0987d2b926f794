using System.Collections.Immutable;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>What is computed digitally around one layer's analog product, out = gain x product + bias + offset, and the full scales it was learned with.</summary>
/// <param name="Gain">One for each output channel, positive.</param>
/// <param name="Offset">One for each output channel, in units of the layer's output.</param>
/// <param name="FullScale">Full scales of inputs and weights; null where those of the network were kept.</param>
public sealed record PlanDigital(ImmutableArray<double> Gain, ImmutableArray<double> Offset, PlanFullScale? FullScale);
