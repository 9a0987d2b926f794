namespace AnalogHil.Calibration.Transients;

/// <summary>One mean in the course of time.</summary>
/// <param name="Seconds">When.</param>
/// <param name="Mean">Mean of reads.</param>
/// <param name="Variance">Of that mean, by read noise; above 0.</param>
/// <param name="Reads">Reads behind it.</param>
public sealed record TransientPoint(double Seconds, double Mean, double Variance, long Reads);
