using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Plans;

namespace AnalogHil.Calibration.Archive;

/// <summary>What all reads of a series have in common.</summary>
/// <param name="Name">Lower-case letters, digits and hyphens; names the file.</param>
/// <param name="Point">Name of the design point.</param>
/// <param name="Conditions">Norms of inputs and weights.</param>
/// <param name="Repeats">K of every read.</param>
/// <param name="Mode">How repeats were made.</param>
/// <param name="Columns">Columns of a read.</param>
public sealed record SeriesDescription(string Name, string Point, ProbeConditions Conditions, int Repeats, RedundancyMode Mode, int Columns);
