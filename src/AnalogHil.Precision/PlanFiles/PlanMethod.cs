using System.Collections.Immutable;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>How the energies of a plan were found.</summary>
/// <param name="Name">"uniform", "paper", "ours", or one of them in whole K.</param>
/// <param name="Options">Its options by name.</param>
/// <param name="Budget">Mean E per MAC at which the shape was learned.</param>
/// <param name="ImagesForward">Images that the method passed forward.</param>
/// <param name="ImagesBackward">Images that the method passed backward.</param>
/// <param name="AllImages">Images passed in both directions by everything: uniform search, budget, method, residual, search, certification, noise bits.</param>
/// <param name="Seconds">Time of the method itself.</param>
/// <param name="AllSeconds">Time of everything.</param>
/// <param name="KktResidual">Karush-Kuhn-Tucker residual between all entries: ln of the largest over the smallest loss saved per energy, 0 at the optimum; null where not measured.</param>
/// <param name="KktResidualOfLayers">The same between layers taken as wholes; null where not measured.</param>
/// <param name="GapBound">At most this share of the second-order loss that the learned shares are the optimum of could be saved by rounding them otherwise; null for continuous energies.</param>
public sealed record PlanMethod(
    string Name,
    ImmutableSortedDictionary<string, double> Options,
    double Budget,
    long ImagesForward,
    long ImagesBackward,
    long AllImages,
    double Seconds,
    double AllSeconds,
    double? KktResidual,
    double? KktResidualOfLayers,
    double? GapBound)
{
    /// <summary>Largest E of a layer, channel or row group that was allowed: largest K where K is whole; null where a file does not say.</summary>
    public double? LargestEnergy { get; init; }
}
