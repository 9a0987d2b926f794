using System.Collections.Immutable;

namespace AnalogHil.Calibration.Drift;

/// <summary>What the charts of a watch have gathered: with it another watch over the same reads goes on.</summary>
/// <param name="Probes">Probes made.</param>
/// <param name="Charts">One a tile and design point.</param>
public sealed record DriftEvidence(int Probes, ImmutableArray<ChartEvidence> Charts);
