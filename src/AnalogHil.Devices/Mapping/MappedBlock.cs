using System.Collections.Immutable;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Mapping;

/// <summary>A piece of a layer's matrix and where it sits.</summary>
/// <param name="Block">Block number on the device.</param>
/// <param name="Group">Group of the layer.</param>
/// <param name="FirstRow">First dot-product position.</param>
/// <param name="Rows">Number of positions.</param>
/// <param name="FirstChannel">First output channel, counted over all groups.</param>
/// <param name="Columns">Number of output channels.</param>
/// <param name="Copies">Placements, one per copy.</param>
public sealed record MappedBlock(
    int Block, int Group, int FirstRow, int Rows, int FirstChannel, int Columns, ImmutableArray<Placement> Copies);
