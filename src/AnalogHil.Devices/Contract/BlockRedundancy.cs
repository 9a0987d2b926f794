using System.Collections.Immutable;
using AnalogHil.Core.Plans;

namespace AnalogHil.Devices.Contract;

/// <summary>Redundancy in time of one block (copies in space are part of its program).</summary>
/// <param name="Block">Block number.</param>
/// <param name="Mode">AccumulateThenRead or ReadAndAverage.</param>
/// <param name="Repeats">K: one entry for the whole block, or one per column. Each in 1 .. the mode's maximum.</param>
public sealed record BlockRedundancy(int Block, RedundancyMode Mode, ImmutableArray<int> Repeats);
