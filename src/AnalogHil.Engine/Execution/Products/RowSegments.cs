namespace AnalogHil.Engine.Execution.Products;

/// <summary>Cuts a range of product rows into pieces that lie in one line of one item.</summary>
internal struct RowSegments(int rowsPerItem, int width, int firstRow, int rows)
{
    private int _next;

    /// <summary>First row of the piece, relative to the range.</summary>
    public int Start { get; private set; }

    /// <summary>Rows of the piece.</summary>
    public int Length { get; private set; }

    /// <summary>Item it lies in.</summary>
    public int Item { get; private set; }

    /// <summary>Line it lies in.</summary>
    public int Y { get; private set; }

    /// <summary>Column of its first row.</summary>
    public int X { get; private set; }

    /// <summary>Moves to the next piece.</summary>
    public bool Next()
    {
        if (_next >= rows)
        {
            return false;
        }

        Start = _next;
        (Item, int position) = Math.DivRem(firstRow + _next, rowsPerItem);
        (Y, X) = Math.DivRem(position, width);
        Length = Math.Min(width - X, rows - _next);
        _next += Length;
        return true;
    }
}
