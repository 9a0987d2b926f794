namespace AnalogHil.Calibration.Estimation;

/// <summary>One pooled sample variance and the linear law it obeys: E[Variance] = Known + sum_j Regressors[j] theta_j.</summary>
/// <param name="Regressors">One per parameter, not negative.</param>
/// <param name="Known">Variance known beforehand (the converter's part), same unit as <paramref name="Variance"/>.</param>
/// <param name="Variance">Sample variance: Dof * Variance / E[Variance] is chi-square with Dof degrees of freedom.</param>
/// <param name="Dof">Degrees of freedom, positive.</param>
internal sealed record VarianceObservation(double[] Regressors, double Known, double Variance, double Dof);
