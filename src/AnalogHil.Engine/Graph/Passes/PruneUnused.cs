namespace AnalogHil.Engine.Graph.Passes;

/// <summary>Drops what the logits do not depend on and numbers the remaining analog products in file order.</summary>
internal static class PruneUnused
{
    public static NetworkGraph Run(NetworkGraph graph)
    {
        bool[] needed = new bool[graph.ValueCount];
        needed[graph.Output.Id] = true;
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            GraphNode node = graph.Nodes[i];
            if (needed[node.Output.Id])
            {
                foreach (GraphValue input in node.Inputs)
                {
                    needed[input.Id] = true;
                }
            }
        }

        return NumberProducts.Run(graph with { Nodes = [.. graph.Nodes.Where(node => needed[node.Output.Id])] });
    }
}
