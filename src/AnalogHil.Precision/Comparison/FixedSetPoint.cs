namespace AnalogHil.Precision.Comparison;

/// <summary>One energy tried on the fixed set.</summary>
/// <param name="Energy">Mean E per multiply-accumulate.</param>
/// <param name="Drop">acc_clean - acc_noisy, a fraction, mean over draws.</param>
/// <param name="Seeds">Draws.</param>
public sealed record FixedSetPoint(double Energy, double Drop, int Seeds);
