using AnalogHil.Core.Numerics;
using AnalogHil.Engine;

namespace AnalogHil.Precision.Equivalence;

/// <summary>Computes analog products exactly and rounds every output to a uniform quantiser over its layer's range: the low-bit network that noise is compared with.</summary>
internal sealed class QuantisedOutputs : IProductRoute
{
    private readonly PackedMatrix[][] _weights;
    private readonly OutputRange[] _ranges;
    private readonly double[] _levels;

    /// <summary>Prepares a network.</summary>
    /// <param name="nodes">Its analog products.</param>
    /// <param name="ranges">Range of each.</param>
    /// <param name="levels">Levels of each, above 1; need not be whole: the step is range / (levels - 1).</param>
    public QuantisedOutputs(IReadOnlyList<AnalogNode> nodes, OutputRange[] ranges, double[] levels)
    {
        _ranges = ranges;
        _levels = levels;
        _weights =
        [
            .. nodes.Select(node => Enumerable.Range(0, node.Operands == ProductOperands.Weights ? node.Groups : 0).Select(group => PackedMatrix.FromColumns(
                node.Weights.Span.Slice(group * node.GroupChannels * node.DotLength, node.GroupChannels * node.DotLength),
                node.DotLength,
                node.GroupChannels)).ToArray()),
        ];
    }

    /// <summary>Products of two activations are rounded as well.</summary>
    public bool CanMultiply(AnalogNode node) => true;

    public ValueTask MultiplyActivationsAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> rows, ReadOnlyMemory<float> columns, Memory<float> products, CancellationToken cancellationToken)
    {
        Span<float> outputs = products.Span[..(node.Positions * node.GroupChannels)];
        var packed = PackedMatrix.FromColumns(columns.Span[..(node.GroupChannels * node.DotLength)], node.DotLength, node.GroupChannels);
        MatrixProduct.Multiply(rows.Span, node.Positions, node.DotLength, packed, outputs, node.GroupChannels);
        Round(outputs, _ranges[node.Index], _levels[node.Index]);
        return ValueTask.CompletedTask;
    }

    public ValueTask MultiplyAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken)
    {
        Span<float> outputs = products.Span[..(count * node.GroupChannels)];
        MatrixProduct.Multiply(patches.Span, count, node.DotLength, _weights[node.Index][group], outputs, node.GroupChannels);
        Round(outputs, _ranges[node.Index], _levels[node.Index]);
        return ValueTask.CompletedTask;
    }

    /// <summary>Rounds to the nearest of the points low + step i inside the range, values beyond it to the last.</summary>
    internal static void Round(Span<float> values, OutputRange range, double levels)
    {
        if (!(range.Width > 0))
        {
            return;
        }

        double step = range.Width / (levels - 1);
        double last = Math.Ceiling(levels - 1 - 1e-9);
        foreach (ref float value in values)
        {
            double code = Math.Clamp(Math.Round((value - range.Low) / step), 0, last);
            value = (float)(range.Low + code * step);
        }
    }
}
