namespace AnalogHil.Calibration.Estimation;

/// <summary>Rises of the deviance (twice the fall of the log likelihood) that limits and tests are read off at.</summary>
internal static class LikelihoodLevels
{
    /// <summary>Two-sided 95 %: chi-square with one degree of freedom, 0.95 quantile.</summary>
    public const double TwoSided95 = 3.841458820694124;

    /// <summary>One-sided 95 %: its 0.90 quantile.</summary>
    public const double OneSided95 = 2.705543454095404;

    /// <summary>
    /// A strength is told from zero above this, at the 1 % level. At a boundary the statistic is 0 half of the time and chi-square the
    /// other half (Self and Liang 1987), hence the 0.98 quantile.
    /// </summary>
    public const double Presence01 = 5.411894431054342;
}
