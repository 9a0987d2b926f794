using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Sum of two activations of the same shape, or of an activation and a constant for each channel.</summary>
internal sealed class AddImporter : OperatorImporter
{
    public override string Operator => "Add";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (ConstantArithmetic.TryFold(node, graph, (a, b) => a + b, (a, b) => checked(a + b)))
        {
            return;
        }

        if (node.IsConstant(0) || node.IsConstant(1))
        {
            ChannelConstant.Emit(node, graph, (constant, _) => (1, constant));
            return;
        }

        GraphValue first = node.Activation(0);
        GraphValue second = node.Activation(1);
        if (first.Shape != second.Shape)
        {
            throw node.Fail($"shapes {first.Shape} and {second.Shape} differ; broadcasting of activations is not supported", "check the residual branches");
        }

        graph.Emit(node, new AddOperation(Clamp.None), first.Shape, first, second);
    }
}
