using AnalogHil.Core.Noise;

namespace AnalogHil.Calibration.Mix;

/// <summary>What the variance of a read can depend on: the norms of inputs and weights, not their pattern.</summary>
/// <param name="Rows">N, rows read.</param>
/// <param name="InputSquares">X = sum u^2.</param>
/// <param name="InputMagnitudes">sum |u|.</param>
/// <param name="WeightSquares">A = sum g^2 of a column.</param>
/// <param name="Product">|y| of every column, dot-product units.</param>
public sealed record ProbeConditions(int Rows, double InputSquares, double InputMagnitudes, double WeightSquares, double Product)
{
    /// <summary>Variance per unit of sigma^2 of a term, dot-product units squared.</summary>
    /// <param name="term">Which shape.</param>
    /// <param name="full">The device's spans.</param>
    public double Shape(MixTerm term, DeviceFullScale full)
    {
        double weights = full.WeightSpan * full.WeightSpan;
        double inputs = full.InputSpan * full.InputSpan;
        return term switch
        {
            MixTerm.Thermal => full.TileRows * weights * inputs,
            MixTerm.ThermalPerRow => Rows * weights * inputs,
            MixTerm.Weight => weights * InputSquares,
            MixTerm.ShotBalanced => WeightSquares * InputSquares / Rows,
            MixTerm.ShotSignal => InputSquares,
            MixTerm.ShotOscillator => WeightSquares,
            MixTerm.ShotDirect => weights * full.InputSpan * InputMagnitudes,
            MixTerm.RelativeIntensity => Product * Product,
            MixTerm.Input => inputs * WeightSquares,
            _ => throw new CalibrationException(CalibrationFault.Unsupported, $"no shape is known for the noise term {term}"),
        };
    }

    /// <summary>Conditions of one column driven by given inputs.</summary>
    /// <param name="inputs">[Rows].</param>
    /// <param name="weights">[Rows], the column's.</param>
    /// <exception cref="ArgumentException">Unequal lengths.</exception>
    public static ProbeConditions Of(ReadOnlySpan<float> inputs, ReadOnlySpan<float> weights)
    {
        if (inputs.Length != weights.Length || inputs.IsEmpty)
        {
            throw new ArgumentException($"{inputs.Length} inputs for {weights.Length} weights", nameof(weights));
        }

        double x = 0;
        double magnitude = 0;
        double a = 0;
        double y = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            x += (double)inputs[i] * inputs[i];
            magnitude += Math.Abs((double)inputs[i]);
            a += (double)weights[i] * weights[i];
            y += (double)inputs[i] * weights[i];
        }

        return new ProbeConditions(inputs.Length, x, magnitude, a, Math.Abs(y));
    }
}
