using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Graph.Passes;

/// <summary>Recognises x (1 + erf(x / sqrt 2)) with its factor 1/2 before or behind: the Gaussian error linear unit.</summary>
internal static class FuseGelu
{
    private const float RootHalf = 0.70710678f;

    public static NetworkGraph Run(NetworkGraph graph)
    {
        int[] readers = graph.CountReaders();
        var nodes = new List<GraphNode>();
        var producers = new Producers();
        foreach (GraphNode node in graph.Nodes)
        {
            GraphNode kept = Unit(node, producers) ?? WithFactor(node, producers, readers) ?? node;
            producers.Add(kept);
            nodes.Add(kept);
        }

        return PruneUnused.Run(graph with { Nodes = nodes });
    }

    private static GraphNode? Unit(GraphNode node, Producers producers)
    {
        if (node.Operation is not MultiplyOperation || node.Inputs[0].Shape != node.Inputs[1].Shape)
        {
            return null;
        }

        return Unit(node, node.Inputs[0], node.Inputs[1], producers) ?? Unit(node, node.Inputs[1], node.Inputs[0], producers);
    }

    private static GraphNode? Unit(GraphNode node, GraphValue factor, GraphValue onePlusErf, Producers producers)
    {
        if (producers.FindUniform(onePlusErf) is not var (erf, one, shift) || one != 1 || shift != 1
            || producers.Find<CurveOperation>(erf) is not var (curve, operation) || operation.Curve != Curve.Erf
            || producers.FindUniform(curve.Inputs[0]) is not var (input, scale, zero) || zero != 0 || Math.Abs(scale - RootHalf) > 1e-6f)
        {
            return null;
        }

        if (factor.Id == input.Id)
        {
            return node with { Operation = new CurveOperation(Curve.Gelu, 2), Inputs = [input] };
        }

        return producers.FindUniform(factor) is var (source, half, none) && none == 0 && source.Id == input.Id
            ? node with { Operation = new CurveOperation(Curve.Gelu, 2 * half), Inputs = [input] }
            : null;
    }

    private static GraphNode? WithFactor(GraphNode node, Producers producers, int[] readers) =>
        node.Operation is AffineOperation && readers[node.Inputs[0].Id] == 1
            && producers.FindUniform(node.Inputs[0]) is null
            && producers.Find<CurveOperation>(node.Inputs[0]) is var (before, curve) && curve.Curve == Curve.Gelu
            && Uniform((AffineOperation)node.Operation) is { } factor
            ? before with { Operation = curve with { Slope = curve.Slope * factor }, Output = node.Output }
            : null;

    private static float? Uniform(AffineOperation affine) =>
        Array.TrueForAll(affine.Shift, shift => shift == 0) && Array.TrueForAll(affine.Scale, scale => scale == affine.Scale[0]) ? affine.Scale[0] : null;
}
