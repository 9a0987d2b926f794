using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Onnx.Operators.Values;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>Quotient of two activations, or of an activation and a constant.</summary>
internal sealed class DivImporter : OperatorImporter
{
    public override string Operator => "Div";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (ConstantArithmetic.TryFold(node, graph, (a, b) => a / b, (a, b) => a / b))
        {
            return;
        }

        if (node.IsConstant(0) || !ChannelConstant.TryEmit(node, graph, (constant, _) => (1 / constant, 0)))
        {
            Elementwise.Emit(node, graph, BroadcastKind.Divide);
        }
    }
}
