namespace AnalogHil.Calibration.Phases;

/// <summary>Mean and variance of the reads of a few patterns that are driven in turn, per column.</summary>
internal sealed class PatternMeans(int patterns, int columns)
{
    private readonly int[] _count = new int[patterns];
    private readonly double[] _origin = new double[patterns * columns];
    private readonly double[] _sum = new double[patterns * columns];
    private readonly double[] _squares = new double[patterns * columns];

    /// <summary>Adds reads [vectors x columns]; the first one belongs to vector number <paramref name="first"/> of the whole sequence.</summary>
    public void Add(ReadOnlySpan<float> reads, int first)
    {
        for (int v = 0; v < reads.Length / columns; v++)
        {
            int pattern = (first + v) % patterns;
            ReadOnlySpan<float> row = reads.Slice(v * columns, columns);
            int start = pattern * columns;
            for (int c = 0; c < columns; c++)
            {
                // Sums about the first read: the spread may be far smaller than the mean.
                if (_count[pattern] == 0)
                {
                    _origin[start + c] = row[c];
                }

                double value = row[c] - _origin[start + c];
                _sum[start + c] += value;
                _squares[start + c] += value * value;
            }

            _count[pattern]++;
        }
    }

    /// <summary>Mean read.</summary>
    public double Mean(int pattern, int column) => _origin[pattern * columns + column] + _sum[pattern * columns + column] / _count[pattern];

    /// <summary>Sample variance of the reads; at least two are needed.</summary>
    public double Variance(int pattern, int column)
    {
        int n = _count[pattern];
        double sum = _sum[pattern * columns + column];
        return (_squares[pattern * columns + column] - sum * sum / n) / (n - 1);
    }
}
