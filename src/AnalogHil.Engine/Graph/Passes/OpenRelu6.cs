using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Graph.Passes;

/// <summary>ReLU in the place of ReLU6, as the released code of Garg et al. 2021 builds MobileNetV2.</summary>
internal static class OpenRelu6
{
    private static readonly Clamp Relu6 = new(0, 6);

    public static (NetworkGraph Graph, int Opened) Run(NetworkGraph graph)
    {
        int opened = 0;
        GraphNode[] nodes = [.. graph.Nodes.Select(node => node.Operation switch
        {
            ProductOperation product when product.Activation == Relu6 => Opened(node, product with { Activation = Clamp.Relu }),
            AddOperation sum when sum.Activation == Relu6 => Opened(node, sum with { Activation = Clamp.Relu }),
            ClampOperation clamp when clamp.Activation == Relu6 => Opened(node, clamp with { Activation = Clamp.Relu }),
            _ => node,
        })];
        return (graph with { Nodes = nodes }, opened);

        GraphNode Opened(GraphNode node, Operation operation)
        {
            opened++;
            return node with { Operation = operation };
        }
    }
}
