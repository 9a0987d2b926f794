using AnalogHil.Engine.Graph.Operations.Arithmetic;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Graph.Passes;

/// <summary>Lets a product add the other branch of a residual block while its result is still in the cache.</summary>
internal static class FuseResidual
{
    public static NetworkGraph Run(NetworkGraph graph)
    {
        int[] readers = graph.CountReaders();
        var nodes = new List<GraphNode>();
        var producer = new Dictionary<int, int>();
        foreach (GraphNode node in graph.Nodes)
        {
            if (node.Operation is AddOperation add && Fuse(node, add, nodes, producer, readers) is { } at)
            {
                producer[node.Output.Id] = at;
                continue;
            }

            producer[node.Output.Id] = nodes.Count;
            nodes.Add(node);
        }

        return graph with { Nodes = nodes };
    }

    // Only the branch computed last can take the other one in without changing the order of the products.
    private static int? Fuse(GraphNode node, AddOperation add, List<GraphNode> nodes, Dictionary<int, int> producer, int[] readers)
    {
        int first = producer.GetValueOrDefault(node.Inputs[0].Id, -1);
        int second = producer.GetValueOrDefault(node.Inputs[1].Id, -1);
        int last = Math.Max(first, second);
        if (last < 0 || first == second)
        {
            return null;
        }

        GraphValue branch = last == first ? node.Inputs[0] : node.Inputs[1];
        GraphValue other = last == first ? node.Inputs[1] : node.Inputs[0];
        if (readers[branch.Id] != 1 || nodes[last].Inputs.Length != 1 || nodes[last].Operation is not ProductOperation { Activation.IsNone: true } product)
        {
            return null;
        }

        nodes[last] = nodes[last] with
        {
            Operation = product with { Activation = add.Activation },
            Inputs = [nodes[last].Inputs[0], other],
            Output = node.Output,
        };
        return last;
    }
}
