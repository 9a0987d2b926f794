using AnalogHil.Core.Numerics;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Twin;

/// <summary>Computes each watched product several times on the device, keeps its statistics, and passes the exact product on, so that every layer sees clean inputs.</summary>
internal sealed class TwinRoute : IProductRoute
{
    private readonly IProductRoute _device;
    private readonly int _reads;
    private readonly PackedMatrix[][] _weights;
    private readonly float[][] _buffers;
    private readonly int[][] _images;

    public TwinRoute(IProductRoute device, IReadOnlyList<AnalogNode> nodes, int reads)
    {
        _device = device;
        _reads = reads;
        _weights = [.. nodes.Select(Pack)];
        _buffers = [.. Enumerable.Range(0, reads).Select(_ => Array.Empty<float>())];
        _images = [.. nodes.Select(node => new int[node.Groups])];
        Watched = new bool[nodes.Count];
        Noise = new double[nodes.Count][];
        Bias = new double[nodes.Count][];
        Rounding = new double[nodes.Count];
    }

    /// <summary>Layers that go to the device.</summary>
    public bool[] Watched { get; }

    /// <summary>[layer][image of the batch]: sum over elements of the sample variance of the reads.</summary>
    public double[][] Noise { get; }

    /// <summary>[layer][image of the batch]: sum over elements of the squared static error, fair on average.</summary>
    public double[][] Bias { get; }

    /// <summary>[layer] squared error that rounding both operands of the watched products of two activations is expected to add; told by <see cref="ExpectedRounding"/>.</summary>
    public double[] Rounding { get; }

    /// <summary>Layer, rows and columns of one head to the squared error expected of rounding them, summed over the head's elements.</summary>
    public Func<int, ReadOnlyMemory<float>, ReadOnlyMemory<float>, double> ExpectedRounding { get; init; } = (_, _, _) => 0;

    /// <summary>Forgets the last batch.</summary>
    public void Begin(int images)
    {
        for (int layer = 0; layer < Watched.Length; layer++)
        {
            Noise[layer] = new double[images];
            Bias[layer] = new double[images];
            Array.Clear(_images[layer]);
        }
    }

    public async ValueTask MultiplyAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken)
    {
        MatrixProduct.Multiply(
            patches.Span, count, node.DotLength, _weights[node.Index][group], products.Span, node.GroupChannels);
        if (!Watched[node.Index])
        {
            return;
        }

        int length = count * node.GroupChannels;
        for (int read = 0; read < _reads; read++)
        {
            await _device.MultiplyAsync(node, group, patches, count, Buffer(read, length), cancellationToken).ConfigureAwait(false);
        }

        Tally(node, group, products.Span[..length]);
    }

    public bool CanMultiply(AnalogNode node) => _device.CanMultiply(node);

    public async ValueTask MultiplyActivationsAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> rows, ReadOnlyMemory<float> columns, Memory<float> products, CancellationToken cancellationToken)
    {
        PackedMatrix operand = PackedMatrix.FromColumns(columns.Span, node.DotLength, node.GroupChannels);
        MatrixProduct.Multiply(rows.Span, node.Positions, node.DotLength, operand, products.Span, node.GroupChannels);
        if (!Watched[node.Index])
        {
            return;
        }

        int length = node.Positions * node.GroupChannels;
        for (int read = 0; read < _reads; read++)
        {
            await _device.MultiplyActivationsAsync(node, group, rows, columns, Buffer(read, length), cancellationToken).ConfigureAwait(false);
        }

        Rounding[node.Index] += ExpectedRounding(node.Index, rows, columns);
        Tally(node, group, products.Span[..length]);
    }

    private Memory<float> Buffer(int read, int length)
    {
        if (_buffers[read].Length < length)
        {
            _buffers[read] = new float[length];
        }

        return _buffers[read].AsMemory(0, length);
    }

    private void Tally(AnalogNode node, int group, ReadOnlySpan<float> exact)
    {
        // The engine may hand a batch over in parts: each goes on where the group's last one ended.
        int perImage = node.Positions * node.GroupChannels;
        int first = _images[node.Index][group];
        _images[node.Index][group] += exact.Length / perImage;
        double[] noise = Noise[node.Index];
        double[] bias = Bias[node.Index];
        for (int i = 0; i < exact.Length; i++)
        {
            double mean = 0;
            foreach (float[] buffer in _buffers)
            {
                mean += buffer[i];
            }

            mean /= _reads;
            double squares = 0;
            foreach (float[] buffer in _buffers)
            {
                squares += (buffer[i] - mean) * (buffer[i] - mean);
            }

            double variance = squares / (_reads - 1);
            double error = mean - exact[i];
            noise[first + i / perImage] += variance;
            bias[first + i / perImage] += error * error - variance / _reads;
        }
    }

    private static PackedMatrix[] Pack(AnalogNode node) => node.Operands == ProductOperands.TwoActivations ? [] :
    [
        .. Enumerable.Range(0, node.Groups).Select(group => PackedMatrix.FromColumns(
            node.Weights.Span.Slice(group * node.GroupChannels * node.DotLength, node.GroupChannels * node.DotLength),
            node.DotLength,
            node.GroupChannels)),
    ];
}
