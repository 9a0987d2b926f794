namespace AnalogHil.Calibration.Statics;

/// <summary>What every cell of a tile adds to its column for one unit of its input: the weight as it really is, times the column's gain.</summary>
public sealed class CellResponse
{
    private readonly double[] _squares;
    private readonly double[] _dof;
    private readonly double[] _perVariance;

    internal CellResponse(int tile, int rows, int columns)
    {
        Tile = tile;
        Value = new double[rows, columns];
        _squares = new double[columns];
        _dof = new double[columns];
        _perVariance = new double[columns];
    }

    /// <summary>Tile.</summary>
    public int Tile { get; }

    /// <summary>[rows, columns], dot-product units; 0 in columns that were left out.</summary>
    public double[,] Value { get; }

    /// <summary>Columns with reads.</summary>
    public IEnumerable<int> Columns => Enumerable.Range(0, _dof.Length).Where(c => _dof[c] > 0);

    /// <summary>Variance of one cell's figure by read noise, the same for all rows of a column.</summary>
    public double Variance(int column) => _squares[column] / _dof[column] * _perVariance[column];

    /// <summary>Degrees of freedom of <see cref="Variance"/>.</summary>
    public double Dof(int column) => _dof[column];

    internal void Add(int column, double squares, long dof, double perVariance)
    {
        _squares[column] += squares;
        _dof[column] += dof;
        _perVariance[column] += perVariance;
    }
}
