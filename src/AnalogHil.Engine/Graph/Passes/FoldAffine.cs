using AnalogHil.Engine.Graph.Operations.Arithmetic;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Graph.Passes;

/// <summary>Folds batch normalisation and added constants into the weights and bias of the product before them: the device holds the folded weights.</summary>
internal static class FoldAffine
{
    public static NetworkGraph Run(NetworkGraph graph)
    {
        int[] readers = graph.CountReaders();
        var nodes = new List<GraphNode>();
        var producer = new Dictionary<int, int>();
        foreach (GraphNode node in graph.Nodes)
        {
            if (node.Operation is AffineOperation affine
                && readers[node.Inputs[0].Id] == 1
                && producer.TryGetValue(node.Inputs[0].Id, out int at)
                && nodes[at].Operation is ProductOperation { Activation.IsNone: true } product)
            {
                nodes[at] = nodes[at] with { Operation = Fold(product, affine), Output = node.Output };
                producer[node.Output.Id] = at;
                continue;
            }

            producer[node.Output.Id] = nodes.Count;
            nodes.Add(node);
        }

        return graph with { Nodes = nodes };
    }

    private static ProductOperation Fold(ProductOperation product, AffineOperation affine)
    {
        int length = product.Geometry.DotLength;
        bool scales = Array.Exists(affine.Scale, scale => scale != 1);
        float[] weights = scales ? new float[product.Weights.Length] : product.Weights;
        float[] bias = new float[product.Bias.Length];
        for (int channel = 0; channel < bias.Length; channel++)
        {
            bias[channel] = affine.Scale[channel] * product.Bias[channel] + affine.Shift[channel];
            for (int k = 0; scales && k < length; k++)
            {
                weights[channel * length + k] = affine.Scale[channel] * product.Weights[channel * length + k];
            }
        }

        return product with { Weights = weights, Bias = bias };
    }
}
