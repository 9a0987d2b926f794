using AnalogHil.Core.Noise;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Mapping;

/// <summary>Computes a network's products exactly, row block by row block and pass by pass as a device reads them, and keeps how far the reads reach.</summary>
internal sealed class ReachRoute : IProductRoute
{
    private readonly NetworkOnDevice _layout;

    public ReachRoute(NetworkOnDevice layout)
    {
        _layout = layout;
        Largest = [.. layout.Nodes.Select(node => new float[node.Channels])];
        Beyond = [.. layout.Nodes.Select(node => new long[node.Channels])];
        Reads = new double[layout.Nodes.Length];
    }

    /// <summary>[layer][channel] largest magnitude of one read, in the layer's unit.</summary>
    public float[][] Largest { get; }

    /// <summary>[layer][channel] reads beyond the converter's range.</summary>
    public long[][] Beyond { get; }

    /// <summary>[layer] reads of one channel.</summary>
    public double[] Reads { get; }

    public bool CanMultiply(AnalogNode node) => node.Operands == ProductOperands.Weights || _layout.Capabilities.MultipliesActivations;

    public ValueTask MultiplyAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken)
    {
        int size = node.GroupChannels * node.DotLength;
        Multiply(node, group, patches.Span, count, node.Weights.Span.Slice(group * size, size), products.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask MultiplyActivationsAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> rows, ReadOnlyMemory<float> columns, Memory<float> products, CancellationToken cancellationToken)
    {
        Multiply(node, group, rows.Span, node.Positions, columns.Span, products.Span);
        return ValueTask.CompletedTask;
    }

    private void Multiply(AnalogNode node, int group, ReadOnlySpan<float> patches, int count, ReadOnlySpan<float> columns, Span<float> products)
    {
        LayerScale scale = _layout.Scales[node.Index];
        int channels = node.GroupChannels;
        float[] read = new float[count * channels];
        products[..read.Length].Clear();
        for (int block = 0; block < scale.RowBlocks; block++)
        {
            int first = scale.RowStarts[block];
            int rows = scale.RowStarts[block + 1] - first;
            PackedMatrix operand = PackedMatrix.FromColumns(Cut(columns, channels, node.DotLength, first, rows), rows, channels);
            float[] part = Cut(patches, count, node.DotLength, first, rows);
            for (int pass = 0; pass < scale.Passes; pass++)
            {
                float[] driven = scale.Passes == 1 ? part : [.. part.Select(x => Math.Max(0, pass == 0 ? x : -x))];
                MatrixProduct.Multiply(driven, count, rows, operand, read, channels);
                Tally(node, group, scale, read, products, pass == 0 ? 1 : -1);
                Reads[node.Index] += (double)count / node.Groups;
            }
        }
    }

    private void Tally(AnalogNode node, int group, LayerScale scale, float[] read, Span<float> products, int sign)
    {
        int channels = node.GroupChannels;
        for (int i = 0; i < read.Length; i++)
        {
            int channel = group * channels + i % channels;
            float reach = Math.Abs(read[i]);
            products[i] += sign * read[i];
            Largest[node.Index][channel] = Math.Max(Largest[node.Index][channel], reach);
            if (reach > _layout.Capabilities.AdcFullScale * scale.InputFullScale * scale.WeightFullScale[channel])
            {
                Beyond[node.Index][channel]++;
            }
        }
    }

    private static float[] Cut(ReadOnlySpan<float> matrix, int lines, int length, int first, int count)
    {
        float[] cut = new float[lines * count];
        for (int line = 0; line < lines; line++)
        {
            matrix.Slice(line * length + first, count).CopyTo(cut.AsSpan(line * count));
        }

        return cut;
    }
}
