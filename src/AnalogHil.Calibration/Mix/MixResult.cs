using System.Collections.Immutable;

namespace AnalogHil.Calibration.Mix;

/// <summary>A separated mix.</summary>
/// <param name="Terms">In the order asked for.</param>
/// <param name="ConditionNumber">Of the weighted design of all terms asked for; 1 is best.</param>
/// <param name="Misfit">Deviance left over; chi-square with <paramref name="MisfitDof"/> degrees of freedom when the mix holds.</param>
/// <param name="MisfitDof">Design points minus terms kept.</param>
/// <param name="MisfitProbability">Of a misfit at least this large; 1 where there are no degrees of freedom to see one with.</param>
/// <param name="Residuals">One a design point.</param>
/// <param name="Warnings">What to know before trusting the figures.</param>
public sealed record MixResult(
    ImmutableArray<MixTermFit> Terms,
    double ConditionNumber,
    double Misfit,
    int MisfitDof,
    double MisfitProbability,
    ImmutableArray<MixResidual> Residuals,
    ImmutableArray<string> Warnings);
