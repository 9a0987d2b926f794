namespace AnalogHil.Calibration.Mix;

/// <summary>A pooled sample variance at known conditions: what a mix is fitted to.</summary>
/// <param name="Point">Name of the design point.</param>
/// <param name="Conditions">Norms of inputs and weights.</param>
/// <param name="Variance">Variance of one read, dot-product units squared.</param>
/// <param name="Dof">Degrees of freedom: Dof * Variance / E[Variance] is chi-square distributed.</param>
/// <param name="Converter">Part of it known beforehand, q^2 / 12 of the output converter; 0 where the variance is corrected for it.</param>
/// <param name="Reads">Reads behind it.</param>
public sealed record MixObservation(string Point, ProbeConditions Conditions, double Variance, double Dof, double Converter, long Reads);
