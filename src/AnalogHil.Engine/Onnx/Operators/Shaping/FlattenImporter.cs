using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>A feature map as a vector.</summary>
internal sealed class FlattenImporter : OperatorImporter
{
    public override string Operator => "Flatten";

    public override IReadOnlyList<string> Attributes => ["axis"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        long axis = node.Integer("axis", 1);
        int rank = input.Shape.Rank;
        if (axis != 1 && axis != 1 - rank)
        {
            throw node.Fail($"axis {axis} would mix the items of the batch; only 1 is supported", "flatten from dimension 1 on");
        }

        Flattening.Emit(node, graph, input);
    }
}
