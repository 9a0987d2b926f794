using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;
using AnalogHil.Engine.Onnx.Operators.Values;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>Product of two activations, element by element, or of an activation and a constant.</summary>
internal sealed class MulImporter : OperatorImporter
{
    public override string Operator => "Mul";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (ConstantArithmetic.TryFold(node, graph, (a, b) => a * b, (a, b) => checked(a * b)))
        {
            return;
        }

        if (ChannelConstant.TryEmit(node, graph, (constant, _) => (constant, 0)))
        {
            return;
        }

        if (!node.IsConstant(0) && !node.IsConstant(1))
        {
            GraphValue first = node.Activation(0);
            GraphValue second = node.Activation(1);
            (GraphValue whole, GraphValue factor) = first.Shape.Size >= second.Shape.Size ? (first, second) : (second, first);
            bool perChannel = factor.Shape is { IsMap: true, Height: 1, Width: 1 } && whole.Shape.IsMap && factor.Shape.Channels == whole.Shape.Channels;
            if (perChannel)
            {
                graph.Emit(node, new MultiplyOperation(), whole.Shape, whole, factor);
                return;
            }
        }

        Elementwise.Emit(node, graph, BroadcastKind.Multiply);
    }
}
