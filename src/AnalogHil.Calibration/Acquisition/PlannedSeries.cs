using System.Collections.Immutable;
using AnalogHil.Core.Plans;

namespace AnalogHil.Calibration.Acquisition;

/// <summary>Reads to be made at one design point.</summary>
/// <param name="Pattern">What is programmed and driven.</param>
/// <param name="Tiles">Tiles, each once.</param>
/// <param name="VectorsPerTile">Executions on each tile.</param>
/// <param name="Repeats">K.</param>
/// <param name="Mode">How repeats are made.</param>
public sealed record PlannedSeries(
    ProbePattern Pattern, ImmutableArray<int> Tiles, int VectorsPerTile, int Repeats = 1, RedundancyMode Mode = RedundancyMode.ReadAndAverage)
{
    /// <summary>Reads on with what is programmed where that is the very same array of weights: programming again would draw its errors anew.</summary>
    public bool KeepsWeights { get; init; }

    /// <summary>Name of the series in the archive.</summary>
    public string Name => Repeats == 1 ? Pattern.Name : $"{Pattern.Name}-k{Repeats}";
}
