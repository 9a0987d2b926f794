namespace AnalogHil.Engine;

/// <summary>
/// Gradients in what one node computes with, summed over images and positions; all zero for a product of two activations, which has neither weights nor a
/// correction.
/// </summary>
/// <param name="LogGain">[channels] dL / d ln gain: sum of the upstream gradient times the noisy product.</param>
/// <param name="Offset">[channels] dL / d offset: sum of the upstream gradient.</param>
/// <param name="Weights">[channels x N] dL / d weight in patch order, the noise held as it was; where weights are quantised, straight through the rounding.
/// Empty unless asked for.</param>
public sealed record NodeGradient(double[] LogGain, double[] Offset, double[] Weights);
