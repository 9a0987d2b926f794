using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;
using AnalogHil.Engine.Graph.Operations.Reductions;

namespace AnalogHil.Engine.Graph.Passes;

/// <summary>Recognises layer normalisation written out as mean, difference, square, mean, root and quotient, and takes scale and shift behind it in.</summary>
internal static class FuseLayerNorm
{
    public static NetworkGraph Run(NetworkGraph graph)
    {
        int[] readers = graph.CountReaders();
        var nodes = new List<GraphNode>();
        var producers = new Producers();
        foreach (GraphNode node in graph.Nodes)
        {
            GraphNode kept = Normalisation(node, producers) ?? WithAffine(node, producers, readers) ?? node;
            producers.Add(kept);
            nodes.Add(kept);
        }

        return PruneUnused.Run(graph with { Nodes = nodes });
    }

    // (x - mean x) / sqrt(mean (x - mean x)^2 + epsilon)
    private static GraphNode? Normalisation(GraphNode node, Producers producers)
    {
        if (node.Operation is not BroadcastOperation { Kind: BroadcastKind.Divide }
            || Centred(node.Inputs[0], producers) is not { } input
            || producers.Find<CurveOperation>(node.Inputs[1]) is not var (root, curve) || curve.Curve != Curve.SquareRoot
            || producers.FindUniform(root.Inputs[0]) is not var (variance, scale, epsilon) || scale != 1 || !(epsilon >= 0)
            || producers.Find<MeanOperation>(variance) is not var (mean, over) || over.Place != 2
            || !IsSquareOf(node.Inputs[0], mean.Inputs[0], producers))
        {
            return null;
        }

        float[] ones = new float[input.Shape.Channels];
        Array.Fill(ones, 1);
        return node with { Operation = new LayerNormOperation(ones, new float[ones.Length], epsilon), Inputs = [input] };
    }

    private static GraphValue? Centred(GraphValue value, Producers producers) =>
        producers.Find<BroadcastOperation>(value) is var (node, difference) && difference.Kind == BroadcastKind.Subtract
            && producers.Find<MeanOperation>(node.Inputs[1]) is var (mean, over) && over.Place == 2 && mean.Inputs[0].Id == node.Inputs[0].Id
            ? node.Inputs[0]
            : null;

    private static bool IsSquareOf(GraphValue value, GraphValue square, Producers producers) =>
        producers.Find<CurveOperation>(square) is var (power, curve)
            ? curve is { Curve: Curve.Power, Slope: 2 } && power.Inputs[0].Id == value.Id
            : producers.Find<MultiplyOperation>(square) is var (product, _) && product.Inputs.All(input => input.Id == value.Id);

    private static GraphNode? WithAffine(GraphNode node, Producers producers, int[] readers)
    {
        if (node.Operation is not AffineOperation affine || readers[node.Inputs[0].Id] != 1 || producers.Find<LayerNormOperation>(node.Inputs[0]) is not var (before, norm))
        {
            return null;
        }

        float[] scale = [.. norm.Scale.Zip(affine.Scale, (a, b) => a * b)];
        float[] shift = [.. norm.Shift.Select((s, c) => s * affine.Scale[c] + affine.Shift[c])];
        return before with { Operation = norm with { Scale = scale, Shift = shift }, Output = node.Output };
    }
}
