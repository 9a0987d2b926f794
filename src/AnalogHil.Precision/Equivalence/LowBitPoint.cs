using AnalogHil.Core.Statistics;

namespace AnalogHil.Precision.Equivalence;

/// <summary>Accuracies at one number of bits (Garg et al. 2021, tables I and III).</summary>
/// <param name="Bits">log2 of the levels of every layer's output; the mean over output elements where layers differ.</param>
/// <param name="Quantised">Accuracy with outputs rounded to those levels, a fraction, with its 95 % interval.</param>
/// <param name="Noisy">Accuracy with noise of the same variance as that rounding, step^2 / 12, mean over draws, with its 95 % interval over images.</param>
/// <param name="Difference">Quantised less noisy on the same images, with its paired 95 % interval.</param>
public sealed record LowBitPoint(double Bits, Estimate Quantised, Estimate Noisy, Estimate Difference);
