using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Graph.Passes;

/// <summary>Puts other weights or a digital correction into the products of a lowered graph.</summary>
internal static class ReplaceParameters
{
    public static NetworkGraph Correct(NetworkGraph graph, IReadOnlyList<NodeCorrection?> corrections) =>
        Run(graph, corrections, (node, product, correction) => product with
        {
            Gain = [.. Fitting(correction.Gain, product.Geometry.OutputChannels, node, "gains").Select((gain, i) => gain is > 0 and < float.PositiveInfinity
                ? gain * (product.Gain?[i] ?? 1)
                : throw new ArgumentException($"node '{node.Name}': the gain of channel {i} is {gain}; give positive numbers, 1 for no change"))],
            Bias = [.. Fitting(correction.Offset, product.Geometry.OutputChannels, node, "offsets").Select((offset, i) => float.IsFinite(offset)
                ? offset + product.Bias[i]
                : throw new ArgumentException($"node '{node.Name}': the offset of channel {i} is {offset}; give finite numbers, 0 for no change"))],
        });

    public static NetworkGraph Weigh(NetworkGraph graph, IReadOnlyList<float[]?> weights) =>
        Run(graph, weights, (node, product, values) => product with { Weights = [.. Fitting(values, product.Weights.Length, node, "weights")] });

    private static NetworkGraph Run<T>(NetworkGraph graph, IReadOnlyList<T?> entries, Func<GraphNode, ProductOperation, T, ProductOperation> replace)
        where T : class
    {
        int analog = graph.Nodes.Count(node => node.Operation is ProductOperation or ActivationProductOperation { IsAnalog: true });
        if (entries.Count != analog)
        {
            throw new ArgumentException($"{entries.Count} entries are given, the network has {analog} analog nodes; give one for each, null for no change");
        }

        return graph with
        {
            Nodes = [.. graph.Nodes.Select(node => node.Operation switch
            {
                ProductOperation product when entries[product.AnalogIndex] is { } entry => node with { Operation = replace(node, product, entry) },
                ActivationProductOperation { IsAnalog: true } pair when entries[pair.AnalogIndex] is not null =>
                    throw new ArgumentException($"node '{node.Name}' multiplies two activations and has no weights, gain or offset; give null for it"),
                _ => node,
            })],
        };
    }

    private static float[] Fitting(float[] values, int count, GraphNode node, string what) => values.Length == count
        ? values
        : throw new ArgumentException($"node '{node.Name}': {values.Length} {what} are given, it has {count}; give one for each");
}
