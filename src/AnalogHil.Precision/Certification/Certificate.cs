using System.Collections.Immutable;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.Certification;

/// <summary>What a certification on the model route shows, on examples that nothing was chosen on.</summary>
/// <param name="Name">Name of the certified family or method.</param>
/// <param name="Point">The cheapest allocation that was accepted; the first one tried where none was.</param>
/// <param name="Decision">Its verdict, drop with one-sided 95 % limits, examples that would decide. Fractions.</param>
/// <param name="Examples">M.</param>
/// <param name="Draws">R: independent draws of shared randomness. 1 here: read noise is fresh for every example, so that M examples hold M draws; shared randomness (programming, chips) needs device instances, at least 10.</param>
/// <param name="Energy">Mean E per MAC with the 95 % interval of the energy at which the drop would be the observed one: SE(ln E) = SE(drop) / |d drop / d ln E|; unbounded without a slope.</param>
/// <param name="LogEnergyError">SE(ln E) of that interval; infinite without a slope.</param>
/// <param name="Target">Largest drop to be tolerated, a fraction.</param>
/// <param name="Tried">Every allocation tried, from high to low energy; one after the first that was not accepted was not tried.</param>
public sealed record Certificate(
    string Name,
    EnergyPoint Point,
    NonInferiorityResult Decision,
    long Examples,
    int Draws,
    Estimate Energy,
    double LogEnergyError,
    double Target,
    ImmutableArray<CertifiedPoint> Tried)
{
    /// <summary>ACCEPT, REJECT or INCONCLUSIVE.</summary>
    public Verdict Verdict => Decision.Verdict;

    /// <summary>What was assumed: to be printed beside the verdict.</summary>
    public const string Assumptions = "model route; examples drawn like those of the split; fresh read noise for every example; one-sided 5 % level, held for all energies tried by their fixed order from high to low";
}
