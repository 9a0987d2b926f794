using System.Collections.Immutable;

namespace AnalogHil.Precision.PlanFiles;

/// <summary>One layer of a plan.</summary>
/// <param name="Name">Node in the model file.</param>
/// <param name="Operator">ONNX operator.</param>
/// <param name="DotLength">N, length of one dot product.</param>
/// <param name="Macs">n, multiply-accumulates for one example: N x positions x channels.</param>
/// <param name="Positions">Output positions for one example.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Passes">Reads that one repeat takes: 1, or 2 where signs of inputs are split.</param>
/// <param name="Mode">How repeats are made: "read-and-average", "accumulate-then-read" or "spatial-copies".</param>
/// <param name="Energy">E per multiply-accumulate: one for all channels, or one for each.</param>
/// <param name="Repeats">K, whole repeats, as many as energies; null for continuous energies.</param>
/// <param name="EnergyShare">Share of the plan's energy.</param>
/// <param name="NoiseBits">Effective precision of the layer's product, log2(range / sqrt(12 variance) + 1); null where not measured.</param>
public sealed record PlanLayer(
    string Name,
    string Operator,
    int DotLength,
    long Macs,
    int Positions,
    int Channels,
    int Passes,
    string Mode,
    ImmutableArray<double> Energy,
    ImmutableArray<int>? Repeats,
    double EnergyShare,
    double? NoiseBits)
{
    /// <summary>Digital correction and full scales that the energies were learned with; null where there are none.</summary>
    public PlanDigital? Digital { get; init; }

    /// <summary>What the device declares for the layer; null for a law, and where K differs within the layer.</summary>
    public PlanDeclared? Declared { get; init; }

    /// <summary>Cut positions of the dot product, first 0, last N, where energies are those of row groups; null where they are not.</summary>
    public ImmutableArray<int>? RowStarts { get; init; }

    /// <summary>Mean E over the multiply-accumulates.</summary>
    public double MeanEnergy() => RowStarts is { } starts && starts.Length == Energy.Length + 1
        ? Energy.Select((energy, group) => energy * (starts[group + 1] - starts[group])).Sum() / DotLength
        : Energy.Average();
}
