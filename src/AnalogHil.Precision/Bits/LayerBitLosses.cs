using System.Collections.Immutable;
using AnalogHil.Core.Averaging;

namespace AnalogHil.Precision.Bits;

/// <summary>Second-order losses of one layer, nats for one image, by what causes them; all through the same gradients, so that they compare.</summary>
/// <param name="Noise">s: of one read's noise ahead of the converter that is new in each read, which energy divides.</param>
/// <param name="InputRounding">Of rounding inputs to steps of their whole range, which (2^b - 1)^2 divides; energy does not, for repeats see the same
/// rounded inputs.</param>
/// <param name="WeightRounding">Of rounding weights to steps of their channel's whole range, likewise.</param>
/// <param name="OutputRounding">Of rounding one read to steps of the converter's whole range, which (2^b - 1)^2 and energy divide: each read is
/// converted.</param>
public readonly record struct LayerBitLosses(double Noise, double InputRounding, double WeightRounding, double OutputRounding)
{
    /// <summary>One read's noise ahead of the converter that repeats do not divide by their number, each part with its measured averaging law: correlated from read to read, or
    /// with a floor.</summary>
    /// <value>Default: none.</value>
    public ImmutableArray<(double Loss, AveragingLaw Averaging)> Slow { get; init; }

    /// <summary>Loss at bits and energy.</summary>
    /// <param name="inputBits">Bits of the inputs.</param>
    /// <param name="weightBits">Bits of the weights.</param>
    /// <param name="outputBits">Bits of the read-out; 0 for an ideal converter.</param>
    /// <param name="energy">E: reads that are averaged.</param>
    public double At(int inputBits, int weightBits, int outputBits, double energy) =>
        InputRounding / Steps(inputBits) + WeightRounding / Steps(weightBits) + (Noise + (outputBits == 0 ? 0 : OutputRounding / Steps(outputBits))) / energy
            + (Slow.IsDefault ? 0 : Slow.Sum(part => part.Loss * part.Averaging.Factor(energy)));

    private static double Steps(int bits)
    {
        double steps = Math.Pow(2, bits) - 1;
        return steps * steps;
    }
}
