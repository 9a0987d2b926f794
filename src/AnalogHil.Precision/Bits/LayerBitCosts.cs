namespace AnalogHil.Precision.Bits;

/// <summary>What one layer spends on one image.</summary>
/// <param name="ReadJoules">Multiply-accumulates of one read of everything.</param>
/// <param name="InputConversions">Input conversions; one is held for all reads.</param>
/// <param name="WeightConversions">Weight conversions: 0 where weights are programmed once, on which bits then cost nothing.</param>
/// <param name="OutputConversions">Read-out conversions of one read of everything.</param>
/// <param name="Input">Energy of one input or weight conversion.</param>
/// <param name="Output">Energy of one read-out conversion.</param>
public readonly record struct LayerBitCosts(
    double ReadJoules, double InputConversions, double WeightConversions, double OutputConversions, ConverterEnergy Input, ConverterEnergy Output)
{
    /// <summary>Joules at bits and energy.</summary>
    /// <param name="inputBits">Bits of the inputs.</param>
    /// <param name="weightBits">Bits of the weights.</param>
    /// <param name="outputBits">Bits of the read-out; 0 for an ideal converter.</param>
    /// <param name="energy">E: reads that are averaged, each converted.</param>
    public double At(int inputBits, int weightBits, int outputBits, double energy) =>
        energy * (ReadJoules + OutputConversions * Output.At(outputBits))
        + InputConversions * Input.At(inputBits) + WeightConversions * Input.At(weightBits);
}
