namespace AnalogHil.Precision.Bits;

/// <summary>Bits and energy of one layer.</summary>
/// <param name="InputBits">Bits of the inputs.</param>
/// <param name="WeightBits">Bits of the weights.</param>
/// <param name="OutputBits">Bits of the read-out; 0 for an ideal converter.</param>
/// <param name="Energy">E: reads that are averaged.</param>
/// <param name="Joules">Declared energy of the layer for one image.</param>
/// <param name="Loss">Second-order loss, nats for one image.</param>
public sealed record LayerBits(int InputBits, int WeightBits, int OutputBits, double Energy, double Joules, double Loss);
