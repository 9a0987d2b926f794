namespace AnalogHil.Precision.Bits;

/// <summary>Energy of one conversion at other bits than those that a device declares: proportional to the number of levels (Walden's figure of merit, J per
/// conversion step).</summary>
/// <remarks>An assumption about converters of one kind; a device whose converters cost the same at all bits wants <see cref="Bits"/> of 0, which leaves the
/// energy as it is.</remarks>
/// <param name="Joules">Declared energy of one conversion, not negative.</param>
/// <param name="Bits">Bits that it was declared for; 0 for an ideal converter, whose energy does not depend on them.</param>
public readonly record struct ConverterEnergy(double Joules, int Bits)
{
    /// <summary>Joules of one conversion of so many bits.</summary>
    public double At(int bits) => Bits == 0 ? Joules : Joules * Math.Pow(2, bits - Bits);
}
