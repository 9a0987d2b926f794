using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Reductions;
using AnalogHil.Engine.Onnx.Operators.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Reductions;

/// <summary>Softmax over the channels of a feature map or the last dimension of anything else; up to opset 12 over everything from the axis on.</summary>
internal sealed class SoftmaxImporter : OperatorImporter
{
    public override string Operator => "Softmax";

    public override IReadOnlyList<string> Attributes => ["axis"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        int axis = Axis.Of(node, node.Integer("axis", node.Opset < 13 ? 1 : -1), input.Shape);
        int behind = input.Shape.Dims[axis..].Aggregate(1, (product, dim) => product * dim);
        if (node.Opset < 13 && behind > 1)
        {
            throw node.Fail(
                $"axis {axis} of {input.Shape} would normalise over several dimensions together (before opset "
                    + "13)",
                "take the softmax over the last dimension, or export with opset 13");
        }

        if (input.Shape.IsMap && axis == 3)
        {
            input = Layout.RowMajor(node, graph, input);
        }

        if (input.Shape.Place(axis) != 2)
        {
            throw node.Fail(
                $"axis {axis} of {input.Shape} is not supported, only the channels of feature maps and the last "
                    + "dimension",
                "take the softmax over the channels");
        }

        graph.Emit(node, new SoftmaxOperation(), input.Shape, input);
    }
}
