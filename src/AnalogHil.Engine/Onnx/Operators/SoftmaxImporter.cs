using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Softmax over the channels; up to opset 12 over everything from the axis on.</summary>
internal sealed class SoftmaxImporter : OperatorImporter
{
    public override string Operator => "Softmax";

    public override IReadOnlyList<string> Attributes => ["axis"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        int rank = input.Shape.IsVector ? 2 : 4;
        long axis = node.Integer("axis", node.Opset < 13 ? 1 : -1);
        bool wholeItem = node.Opset < 13 && input.Shape.Height * input.Shape.Width > 1;
        if (axis != 1 && axis != 1 - rank || wholeItem)
        {
            throw node.Fail($"axis {axis} of {input.Shape} is not supported, only the channels (axis 1; from opset 13 on for feature maps)", "take the softmax over the channels");
        }

        graph.Emit(node, new SoftmaxOperation(), input.Shape, input);
    }
}
