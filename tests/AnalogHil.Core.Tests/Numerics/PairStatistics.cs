using MathNet.Numerics.Distributions;

namespace AnalogHil.Core.Tests.Numerics;

/// <summary>
/// What pairs say against independence: z scores of the correlation and of that of the squares, and a chi-square on a table of 16 x 16 equally likely cells,
/// which sees any other dependence too.
/// </summary>
internal sealed class PairStatistics
{
    private const int Bins = 16;
    private static readonly float[] Edges = [.. Enumerable.Range(1, Bins - 1).Select(i => (float)Normal.InvCDF(0, 1, i / (double)Bins))];
    private readonly long[] _table = new long[Bins * Bins];
    private double _products;
    private double _squares;

    public long Count { get; private set; }

    /// <summary>z of the sum of x y.</summary>
    public double Correlation => _products / Math.Sqrt(Count);

    /// <summary>z of the sum of (x^2 - 1)(y^2 - 1), each of variance 4.</summary>
    public double SquareCorrelation => _squares / (2 * Math.Sqrt(Count));

    /// <summary>Two-sided p-value of the table's chi-square, 255 degrees of freedom.</summary>
    public double TableP
    {
        get
        {
            double expected = Count / (double)_table.Length;
            double below = ChiSquared.CDF(_table.Length - 1, _table.Sum(n => (n - expected) * (n - expected) / expected));
            return 2 * Math.Min(below, 1 - below);
        }
    }

    public void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        (double products, double squares) = GaussianSample.CrossSums(left, right);
        _products += products;
        _squares += squares;
        Count += left.Length;
        for (int i = 0; i < left.Length; i++)
        {
            _table[Bin(left[i]) * Bins + Bin(right[i])]++;
        }
    }

    private static int Bin(float x)
    {
        int bin = x < Edges[7] ? 0 : 8;
        bin += x < Edges[bin + 3] ? 0 : 4;
        bin += x < Edges[bin + 1] ? 0 : 2;
        return bin + (x < Edges[bin] ? 0 : 1);
    }
}
