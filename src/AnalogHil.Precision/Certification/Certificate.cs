using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.Certification;

/// <summary>What a certification on the model route shows, on examples that nothing was chosen on.</summary>
/// <param name="Name">Name of the certified family or method.</param>
/// <param name="Point">The cheapest allocation that was accepted; the first one tried where none was.</param>
/// <param name="Decision">Its verdict, drop with one-sided limits at <see cref="Alpha"/>, examples that would decide. Fractions.</param>
/// <param name="Examples">M.</param>
/// <param name="Draws">R: noise draws. Read noise is fresh for every example in each of them; a programming error is drawn once for each and shared by all
/// examples, so that R is the number of devices (<see cref="CrossedDrop.FewestShared"/> or more).</param>
/// <param name="Energy">Mean E per MAC with the 95 % interval of the energy at which the drop would be the observed one: SE(ln E) = SE(drop) / |d drop / d
/// ln E|; unbounded without a slope.</param>
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

    /// <summary>The drop with its parts: of the examples and of shared draws.</summary>
    public required CrossedDrop Observed { get; init; }

    /// <summary>Share of the examples on which the network is right without noise: what the drop counts from.</summary>
    public required double CleanAccuracy { get; init; }

    /// <summary>sigma_p of the programming error that the examples of a draw share; 0 for none.</summary>
    public double ProgrammingSigma { get; init; }

    /// <summary>One-sided level of the verdict and of its limits.</summary>
    /// <value>Default: 5 %.</value>
    public double Alpha { get; init; } = 0.05;

    /// <summary>What was assumed: to be printed beside the verdict.</summary>
    public string Assumptions => "model route; examples drawn like those of the split; fresh read noise for every example; "
        + (ProgrammingSigma > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"weights of each of {Draws} devices off by {ProgrammingSigma:G4} of their span, Gaussian and independent, which the search did not see; ")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"with {CrossedDrop.FewestShared} devices that differ by as much as the drop the limit misses more often: {CrossedDrop.SkewedMisses} of ")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"{CrossedDrop.SkewedCampaigns} simulated certifications, {100.0 * CrossedDrop.SkewedMisses / CrossedDrop.SkewedCampaigns:0.0} %; ")
            : "one programming of the weights, without error; ")
        + string.Create(CultureInfo.InvariantCulture, $"one-sided {100 * Alpha:0.##} % level, ")
        + "held for all energies tried by their fixed order from high to low";
}
