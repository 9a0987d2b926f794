using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Fully connected layer without bias: activation times constant.</summary>
internal sealed class MatMulImporter : OperatorImporter
{
    public override string Operator => "MatMul";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Vector(0);
        (float[] weights, int outputs) = LinearWeights.Read(node, graph, input.Shape.Channels, transposed: false);
        graph.Emit(
            node,
            new ProductOperation(0, Operator, ProductGeometry.Linear(input.Shape.Channels, outputs), weights, new float[outputs], Clamp.None),
            ItemShape.Vector(outputs),
            input);
    }
}
