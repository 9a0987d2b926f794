using AnalogHil.Core.Noise;
using AnalogHil.Engine.Tests.Execution;

namespace AnalogHil.Engine.Tests.Text;

/// <summary>An exact device that multiplies two activations too, and keeps what it was given.</summary>
internal sealed class OperandRecorder : IProductRoute
{
    private readonly ExactRoute _exact = new();
    private readonly Dictionary<AnalogNode, List<(int Group, float[] Rows, float[] Columns)>> _heads = [];

    public int Nodes => _heads.Count;

    public bool CanMultiply(AnalogNode node) => true;

    public ValueTask MultiplyAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> patches, int count, Memory<float> products, CancellationToken cancellationToken) =>
        _exact.MultiplyAsync(node, group, patches, count, products, cancellationToken);

    public ValueTask MultiplyActivationsAsync(
        AnalogNode node, int group, ReadOnlyMemory<float> rows, ReadOnlyMemory<float> columns, Memory<float> products, CancellationToken cancellationToken)
    {
        Assert.Equal((node.Positions * node.DotLength, node.GroupChannels * node.DotLength), (rows.Length, columns.Length));
        if (!_heads.TryGetValue(node, out List<(int, float[], float[])>? heads))
        {
            _heads.Add(node, heads = []);
        }

        heads.Add((group, rows.ToArray(), columns.ToArray()));
        for (int i = 0; i < products.Length; i++)
        {
            ReadOnlySpan<float> row = rows.Span.Slice(i / node.GroupChannels * node.DotLength, node.DotLength);
            ReadOnlySpan<float> column = columns.Span.Slice(i % node.GroupChannels * node.DotLength, node.DotLength);
            double sum = 0;
            for (int k = 0; k < node.DotLength; k++)
            {
                sum += (double)row[k] * column[k];
            }

            products.Span[i] = (float)sum;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>First operand of one head, counted over the examples.</summary>
    public float[] Rows(AnalogNode node, int head) => _heads[node][head].Rows;

    /// <summary>Largest magnitude of either operand.</summary>
    public (float First, float Second) Magnitudes(AnalogNode node) =>
        (_heads[node].Max(head => head.Rows.Max(Math.Abs)), _heads[node].Max(head => head.Columns.Max(Math.Abs)));

    /// <summary>The law's variance of every element, [examples x heads x rows x columns].</summary>
    public double[] Variances(AnalogNode node, ElementVariance law, int examples)
    {
        Assert.Equal(examples * node.Groups, _heads[node].Count);
        return
        [
            .. _heads[node].SelectMany(head => Enumerable.Range(0, node.Positions * node.GroupChannels).Select(i => law.Evaluate(
                head.Group * node.GroupChannels + i % node.GroupChannels,
                head.Rows.AsSpan(i / node.GroupChannels * node.DotLength, node.DotLength),
                head.Columns.AsSpan(i % node.GroupChannels * node.DotLength, node.DotLength)))),
        ];
    }
}
