using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;
using AnalogHil.Engine.Onnx.Operators.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>One of two values by a condition, which is 1 or 0: c x + (1 - c) y.</summary>
internal sealed class WhereImporter : OperatorImporter
{
    public override string Operator => "Where";

    public override int FirstOpset => 9;

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue condition = node.Activation(0);
        if (!graph.IsTruth(condition))
        {
            throw node.Fail($"condition '{condition.Name}' is no comparison and no cast to bool", "compare it first");
        }

        int channels = condition.Shape.Channels;
        float[] minus = new float[channels];
        float[] one = new float[channels];
        Array.Fill(minus, -1);
        Array.Fill(one, 1);
        GraphValue otherwise = graph.EmitPart(node, new AffineOperation(minus, one), condition.Shape, condition);
        ItemShape like = Like(node, condition);
        GraphValue first = Elementwise.EmitPart(node, graph, BroadcastKind.Multiply, condition, Branch(node, graph, 1, like));
        GraphValue second = Elementwise.EmitPart(node, graph, BroadcastKind.Multiply, otherwise, Branch(node, graph, 2, like));
        GraphValue sum = Elementwise.EmitPart(node, graph, BroadcastKind.Add, first, second);
        graph.Name(node, sum);
    }

    private static ItemShape Like(ImportedNode node, GraphValue condition) =>
        !node.IsConstant(1) ? node.Activation(1).Shape : !node.IsConstant(2) ? node.Activation(2).Shape : condition.Shape;

    private static GraphValue Branch(ImportedNode node, GraphBuilder graph, int index, ItemShape like) =>
        node.IsConstant(index) ? Layout.Constant(node, graph, node.Constant(index), like) : node.Activation(index);
}
