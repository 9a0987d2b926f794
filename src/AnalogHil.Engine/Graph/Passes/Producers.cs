using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Graph.Passes;

/// <summary>Which node computes each value; what patterns of several nodes are recognised with.</summary>
internal sealed class Producers
{
    private readonly Dictionary<int, GraphNode> _nodes = [];

    /// <summary>Notes a node that was kept.</summary>
    public void Add(GraphNode node) => _nodes[node.Output.Id] = node;

    /// <summary>The node that computes a value and its operation, where that is of the kind asked for.</summary>
    public (GraphNode Node, T Operation)? Find<T>(GraphValue value)
        where T : Operation => _nodes.TryGetValue(value.Id, out GraphNode? node) && node.Operation is T operation ? (node, operation) : null;

    /// <summary>The input of a node y = scale x + shift with one scale and one shift for all channels, and these; null where the value is none such.</summary>
    public (GraphValue Input, float Scale, float Shift)? FindUniform(GraphValue value)
    {
        if (Find<AffineOperation>(value) is not var (node, affine))
        {
            return null;
        }

        (float scale, float shift) = (affine.Scale[0], affine.Shift[0]);
        return Array.TrueForAll(affine.Scale, s => s == scale) && Array.TrueForAll(affine.Shift, s => s == shift) ? (node.Inputs[0], scale, shift) : null;
    }
}
