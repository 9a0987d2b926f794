using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Mapping;

/// <summary>
/// Puts rectangles on tiles: each tile is cut into shelves as high as their first rectangle, each shelf filled from left to right.
/// Rectangles must come in falling order of height, which keeps the loss above them small (first-fit decreasing height).
/// </summary>
internal sealed class ShelfPacking(int tileRows, int tileColumns, int tiles)
{
    private readonly List<Shelf> _shelves = [];
    private readonly List<int> _rowsUsed = [];

    /// <summary>Tiles that hold something.</summary>
    public int TilesUsed => _rowsUsed.Count;

    /// <summary>Finds a place; null when there is none left.</summary>
    public Placement? Place(int rows, int columns)
    {
        foreach (Shelf shelf in _shelves)
        {
            if (shelf.Rows >= rows && tileColumns - shelf.ColumnsUsed >= columns)
            {
                var at = new Placement(shelf.Tile, shelf.Row, shelf.ColumnsUsed);
                shelf.ColumnsUsed += columns;
                return at;
            }
        }

        int tile = _rowsUsed.FindIndex(used => tileRows - used >= rows);
        if (tile < 0)
        {
            if (_rowsUsed.Count == tiles)
            {
                return null;
            }

            tile = _rowsUsed.Count;
            _rowsUsed.Add(0);
        }

        _shelves.Add(new Shelf(tile, _rowsUsed[tile], rows) { ColumnsUsed = columns });
        _rowsUsed[tile] += rows;
        return new Placement(tile, _rowsUsed[tile] - rows, 0);
    }

    private sealed class Shelf(int tile, int row, int rows)
    {
        public int Tile { get; } = tile;

        public int Row { get; } = row;

        public int Rows { get; } = rows;

        public int ColumnsUsed { get; set; }
    }
}
