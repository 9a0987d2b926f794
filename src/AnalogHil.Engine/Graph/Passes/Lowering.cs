namespace AnalogHil.Engine.Graph.Passes;

/// <summary>From the graph of a model file to the graph that is executed.</summary>
internal static class Lowering
{
    public static NetworkGraph Run(NetworkGraph graph)
    {
        graph = PruneUnused.Run(graph);
        graph = FuseLayerNorm.Run(graph);
        graph = FuseGelu.Run(graph);
        graph = FoldAffine.Run(graph);
        // A clamp before the sum must be fused first: afterwards the product could no longer take the other branch in.
        graph = FuseClamp.Run(graph);
        graph = FuseResidual.Run(graph);
        return FuseClamp.Run(graph);
    }
}
