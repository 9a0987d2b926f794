using System.Collections.Immutable;

namespace AnalogHil.Devices.Mapping;

/// <summary>A whole network on the device.</summary>
/// <param name="Layers">In the order they were given.</param>
/// <param name="CellsUsed">Cells that hold weights, copies included.</param>
/// <param name="CellsTotal">Cells of the device.</param>
public sealed record TileMap(ImmutableArray<MappedLayer> Layers, long CellsUsed, long CellsTotal)
{
    /// <summary>Tiles that hold weights, copies included, ascending.</summary>
    public IEnumerable<int> TilesUsed => Layers.SelectMany(layer => layer.Blocks).SelectMany(block => block.Copies).Select(copy => copy.Tile).Distinct().Order();
}
