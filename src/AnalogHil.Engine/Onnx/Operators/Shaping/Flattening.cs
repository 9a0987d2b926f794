using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>What Flatten and Reshape share.</summary>
internal static class Flattening
{
    public static void Emit(ImportedNode node, GraphBuilder graph, GraphValue input)
    {
        if (input.Shape.IsVector)
        {
            graph.Alias(node, 0);
            return;
        }

        if (input.Shape.IsTensor)
        {
            Layout.Reshape(node, graph, input, [input.Shape.Size]);
            return;
        }

        graph.Emit(node, new FlattenOperation(), ItemShape.Vector(input.Shape.Size), input);
    }
}
