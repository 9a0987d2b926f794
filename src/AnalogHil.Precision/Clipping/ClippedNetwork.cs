using AnalogHil.Engine;
using AnalogHil.Engine.Quantisation;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Clipping;

/// <summary>A network whose inputs and weights are cut at chosen full scales, with the digital gains and offsets that make up for it, and its noise.</summary>
/// <param name="Network">The network, corrected.</param>
/// <param name="Noise">Its noise: that of the smaller full scales.</param>
/// <param name="Plan">The grids; their ends are the full scales.</param>
/// <param name="Corrections">Of each analog node.</param>
public sealed record ClippedNetwork(OnnxNetwork Network, INoiseModel Noise, QuantisationPlan Plan, IReadOnlyList<NodeCorrection> Corrections);
