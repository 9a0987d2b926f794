namespace AnalogHil.Precision.Noise;

/// <summary>Effective precision of one layer's product under its noise (Garg et al. 2021, eq. 7).</summary>
/// <param name="Layer">Name of the node.</param>
/// <param name="Range">Largest minus smallest clean product over the images, bias left out, in the layer's unit.</param>
/// <param name="StandardDeviation">Root of the mean noise variance over images, positions and channels, same unit.</param>
/// <param name="Bits">log2(range / sqrt(12 Var) + 1); positive infinity without noise.</param>
/// <param name="Images">Images observed.</param>
public sealed record LayerNoiseBits(string Layer, double Range, double StandardDeviation, double Bits, int Images);
