using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Onnx.Operators.Values;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>Difference of two activations, or of an activation and a constant.</summary>
internal sealed class SubImporter : OperatorImporter
{
    public override string Operator => "Sub";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (!ConstantArithmetic.TryFold(node, graph, (a, b) => a - b, (a, b) => checked(a - b))
            && !ChannelConstant.TryEmit(node, graph, (constant, first) => first ? (-1, constant) : (1, -constant)))
        {
            Elementwise.Emit(node, graph, BroadcastKind.Subtract);
        }
    }
}
