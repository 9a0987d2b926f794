using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Onnx.Operators.Values;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>Sum of two activations, or of an activation and a constant.</summary>
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

        if (!ChannelConstant.TryEmit(node, graph, (constant, _) => (1, constant)))
        {
            Elementwise.Emit(node, graph, BroadcastKind.Add);
        }
    }
}
