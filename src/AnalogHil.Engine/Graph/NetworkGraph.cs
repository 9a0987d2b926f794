namespace AnalogHil.Engine.Graph;

/// <summary>A network as operations on values, in an order in which it can be computed. Passes turn one graph into another.</summary>
/// <param name="Inputs">Images, or tokens with their masks; one after the other in the row of an example.</param>
/// <param name="Output">The logits.</param>
/// <param name="Nodes">Every node after those it reads from.</param>
/// <param name="ValueCount">One more than the largest value id.</param>
internal sealed record NetworkGraph(IReadOnlyList<GraphInput> Inputs, GraphValue Output, IReadOnlyList<GraphNode> Nodes, int ValueCount)
{
    /// <summary>How many readers each value has; being the network's output counts as one.</summary>
    public int[] CountReaders()
    {
        int[] readers = new int[ValueCount];
        readers[Output.Id]++;
        foreach (GraphNode node in Nodes)
        {
            foreach (GraphValue input in node.Inputs)
            {
                readers[input.Id]++;
            }
        }

        return readers;
    }
}
