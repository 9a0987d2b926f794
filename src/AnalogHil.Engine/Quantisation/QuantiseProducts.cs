using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Quantisation;

/// <summary>
/// Puts a converter before every product that a plan quantises, and its weights on their grid. Products that read the same value through the same grid
/// share a converter.
/// </summary>
internal static class QuantiseProducts
{
    public static NetworkGraph Run(NetworkGraph graph, QuantisationPlan plan, bool learnRanges)
    {
        if (graph.Nodes.Any(node => node.Operation is QuantiseOperation))
        {
            throw new InvalidOperationException("the network is already quantised; quantise the float32 network it was made from");
        }

        if (graph.Nodes.FirstOrDefault(node => node.Operation is ActivationProductOperation { IsAnalog: true }) is { } pair)
        {
            throw new ArgumentException(
                $"node '{pair.Name}' multiplies two activations, which are not quantised; quantise {nameof(OnnxNetwork.WithDigitalActivationProducts)}() of "
                    + "the network");
        }

        GraphNode[] products = [.. graph.Nodes.Where(node => node.Operation is ProductOperation)];
        if (plan.Nodes.Count != products.Length)
        {
            throw new ArgumentException(
                $"the plan quantises {plan.Nodes.Count} nodes, the network has {products.Length} analog nodes; calibrate the plan on this "
                    + "network", nameof(plan));
        }

        var nodes = new List<GraphNode>();
        var converters = new Dictionary<(int Value, AffineQuantiser Grid), GraphValue>();
        int values = graph.ValueCount;
        foreach (GraphNode node in graph.Nodes)
        {
            if (node.Operation is not ProductOperation product)
            {
                nodes.Add(node);
                continue;
            }

            NodeQuantisation quantisation = plan.Nodes[product.AnalogIndex];
            GraphValue input = node.Inputs[0];
            if (quantisation.Input is { } grid)
            {
                if (learnRanges || !converters.TryGetValue((input.Id, grid), out GraphValue? converted))
                {
                    converted = new GraphValue(values++, $"{input.Name} on {grid.Bits} bits", input.Shape);
                    converters[(input.Id, grid)] = converted;
                    nodes.Add(new GraphNode($"converter of '{node.Name}'", new QuantiseOperation(grid, product.AnalogIndex, learnRanges), [input], converted));
                }

                input = converted;
            }

            nodes.Add(node with
            {
                Operation = product with { Weights = Round(product, quantisation, node.Name) },
                Inputs = [input, .. node.Inputs.Skip(1)],
            });
        }

        return graph with { Nodes = nodes, ValueCount = values };
    }

    private static float[] Round(ProductOperation product, NodeQuantisation quantisation, string node)
    {
        int channels = product.Geometry.OutputChannels;
        int length = product.Geometry.DotLength;
        if (quantisation.Name != node)
        {
            throw new ArgumentException(
                $"the plan's node {product.AnalogIndex} is '{quantisation.Name}', the network's is '{node}'; calibrate the plan on this network");
        }

        IReadOnlyList<AffineQuantiser> grids = quantisation.Weights;
        if (grids.Count == 0)
        {
            return product.Weights;
        }

        if (grids.Count != 1 && grids.Count != channels)
        {
            throw new ArgumentException(
                $"node '{node}': {grids.Count} weight grids are given; 0, 1 or one for each of {channels} channels are possible; calibrate the plan on this "
                    + "network");
        }

        float[] rounded = new float[product.Weights.Length];
        for (int channel = 0; channel < channels; channel++)
        {
            Span<float> row = rounded.AsSpan(channel * length, length);
            grids[grids.Count == 1 ? 0 : channel].FakeQuantise(product.Weights.AsSpan(channel * length, length), row);
        }

        return rounded;
    }
}
