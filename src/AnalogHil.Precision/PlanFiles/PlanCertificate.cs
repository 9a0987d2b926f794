namespace AnalogHil.Precision.PlanFiles;

/// <summary>What a certification showed on examples that nothing was chosen on.</summary>
/// <param name="Verdict">"ACCEPT", "REJECT" or "INCONCLUSIVE".</param>
/// <param name="Examples">M.</param>
/// <param name="Draws">R, noise draws; read noise is fresh for each example in each of them.</param>
/// <param name="Target">Largest drop to be tolerated, a fraction.</param>
/// <param name="Drop">Observed drop, a fraction.</param>
/// <param name="DropLow">One-sided lower limit of the drop at <see cref="Level"/>.</param>
/// <param name="DropHigh">One-sided upper limit of the drop at <see cref="Level"/>.</param>
/// <param name="LogEnergyLow">Lower 95 % limit of ln E at which the drop would be the observed one; null where not bounded.</param>
/// <param name="LogEnergyHigh">Upper limit; null where not bounded.</param>
/// <param name="ExamplesToDecide">For INCONCLUSIVE the examples that would decide; else null.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="Assumptions">What was assumed.</param>
/// <param name="Level">One-sided level of the verdict and of the limits of the drop, in (0.5, 1); 0.95 of files written without it.</param>
public sealed record PlanCertificate(
    string Verdict,
    long Examples,
    int Draws,
    double Target,
    double Drop,
    double DropLow,
    double DropHigh,
    double? LogEnergyLow,
    double? LogEnergyHigh,
    long? ExamplesToDecide,
    string Reason,
    string Assumptions,
    double Level = 0.95)
{
    /// <summary>Accuracy on these examples without noise, a fraction: what the drop counts from; null where a file does not say.</summary>
    public double? CleanAccuracy { get; init; }

    /// <summary>Standard error of the drop from the finite number of examples, a fraction; null where a tool did not tell.</summary>
    public double? DropErrorImages { get; init; }

    /// <summary>Standard error from the finite number of draws that all examples share; null where none is shared.</summary>
    public double? DropErrorDraws { get; init; }

    /// <summary>sigma_p of the programming error that differed from draw to draw, in units of the span of a channel's weights; null for none.</summary>
    public double? ProgrammingSigma { get; init; }
}
