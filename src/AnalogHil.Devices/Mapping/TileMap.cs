using System.Collections.Immutable;

namespace AnalogHil.Devices.Mapping;

/// <summary>A whole network on the device.</summary>
/// <param name="Layers">In the order they were given.</param>
/// <param name="CellsUsed">Cells that hold weights, copies included.</param>
/// <param name="CellsTotal">Cells of the device.</param>
public sealed record TileMap(ImmutableArray<MappedLayer> Layers, long CellsUsed, long CellsTotal);
