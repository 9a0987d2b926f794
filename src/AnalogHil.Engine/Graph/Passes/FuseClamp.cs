using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Graph.Passes;

/// <summary>Moves a ReLU or Clip into the product or sum before it.</summary>
internal static class FuseClamp
{
    public static NetworkGraph Run(NetworkGraph graph)
    {
        int[] readers = graph.CountReaders();
        var nodes = new List<GraphNode>();
        var producer = new Dictionary<int, int>();
        foreach (GraphNode node in graph.Nodes)
        {
            if (node.Operation is ClampOperation clamp
                && readers[node.Inputs[0].Id] == 1
                && producer.TryGetValue(node.Inputs[0].Id, out int at)
                && WithActivation(nodes[at].Operation, clamp.Activation) is { } fused)
            {
                nodes[at] = nodes[at] with { Operation = fused, Output = node.Output };
                producer[node.Output.Id] = at;
                continue;
            }

            producer[node.Output.Id] = nodes.Count;
            nodes.Add(node);
        }

        return graph with { Nodes = nodes };
    }

    private static Operation? WithActivation(Operation operation, Clamp activation) => operation switch
    {
        ProductOperation { Activation.IsNone: true } product => product with { Activation = activation },
        AddOperation { Activation.IsNone: true } add => add with { Activation = activation },
        _ => null,
    };
}
