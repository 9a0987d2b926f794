using System.Collections.Immutable;
using AnalogHil.Devices.Serial.Diagnostics;

namespace AnalogHil.Daemon.Benches;

/// <summary>A line and the bench files that name it.</summary>
/// <param name="Found">Who answers.</param>
/// <param name="Benches">Bench files for this line.</param>
internal sealed record DiscoveredLine(FoundDevice Found, ImmutableArray<BenchMatch> Benches);
