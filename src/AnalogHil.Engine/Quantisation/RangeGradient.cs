namespace AnalogHil.Engine.Quantisation;

/// <summary>Gradient of a loss with respect to the clipping range of a node's input quantiser, rounding passed straight through.</summary>
/// <remarks>
/// With u = x / scale and scale = (High - Low) / (2^bits - 1): a value above the range moves with its upper end, one below with its lower end,
/// and one inside contributes its rounding error in steps, round(u) - u, times d scale. Source: the learned range of the released code of Garg
/// et al. 2021 (clipping and step both differentiable); the same as a learned step size (Esser et al. 2020) with two free ends.
/// </remarks>
/// <param name="Low">dL / d Low, loss unit per unit of the values, summed over the batch.</param>
/// <param name="High">dL / d High.</param>
public readonly record struct RangeGradient(double Low, double High);
