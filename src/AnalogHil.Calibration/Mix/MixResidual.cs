namespace AnalogHil.Calibration.Mix;

/// <summary>How far one design point lies from the fitted mix.</summary>
/// <param name="Point">Name of the design point.</param>
/// <param name="Variance">Measured, dot-product units squared.</param>
/// <param name="Fitted">By the mix, the converter's part included.</param>
/// <param name="Score">Signed root of the point's deviance; about standard normal when the mix holds.</param>
public sealed record MixResidual(string Point, double Variance, double Fitted, double Score);
