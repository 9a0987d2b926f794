using AnalogHil.Core.Numerics;
using BenchmarkDotNet.Attributes;
using Lanes = System.Numerics.Vector<float>;

namespace AnalogHil.Benchmarks.Numerics;

/// <summary>The product on one thread against a plain vectorised loop over the same matrices.</summary>
public class ProductBenchmarks
{
    private float[] _left = [];
    private float[] _right = [];
    private float[] _result = [];
    private PackedMatrix _packed = PackedMatrix.FromRows([], 0, 0);

    [ParamsSource(nameof(Shapes))]
    public ProductShape Shape { get; set; } = new(1, 1, 1);

    // Square; a 256 x 256 tile for a batch; a 3 x 3 convolution of 64 channels at 56 x 56; MobileNet's projection to 24 channels; a dense layer for one and eight images.
    public static IEnumerable<ProductShape> Shapes =>
        [new(1024, 1024, 1024), new(256, 256, 1024), new(3136, 576, 64), new(3136, 144, 24), new(8, 784, 256), new(1, 784, 256)];

    [GlobalSetup]
    public void Setup()
    {
        (int rows, int depth, int columns) = Shape;
        _left = new float[rows * depth];
        _right = new float[depth * columns];
        _result = new float[rows * columns];
        GaussianGenerator.Fill(GaussianKey.Derive(1), 0, _left);
        GaussianGenerator.Fill(GaussianKey.Derive(2), 0, _right);
        _packed = PackedMatrix.FromRows(_right, depth, columns);
    }

    [Benchmark(Baseline = true, Description = "plain vectorised loop")]
    public void VectorLoop()
    {
        (int rows, int depth, int columns) = Shape;
        _result.AsSpan().Clear();
        for (int row = 0; row < rows; row++)
        {
            Span<float> target = _result.AsSpan(row * columns, columns);
            for (int k = 0; k < depth; k++)
            {
                Lanes factor = new(_left[row * depth + k]);
                ReadOnlySpan<float> source = _right.AsSpan(k * columns, columns);
                for (int column = 0; column < columns; column += Lanes.Count)
                {
                    Lanes sum = new(target[column..]);
                    (sum + factor * new Lanes(source[column..])).CopyTo(target[column..]);
                }
            }
        }
    }

    [Benchmark]
    public void Multiply() => MatrixProduct.Multiply(_left, Shape.Rows, Shape.Depth, _packed, _result, Shape.Columns);
}
