using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>An activation times a constant for each channel, times another of the same shape, or times one with a factor for each channel.</summary>
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

        if (node.IsConstant(0) || node.IsConstant(1))
        {
            ChannelConstant.Emit(node, graph, (constant, _) => (constant, 0));
            return;
        }

        GraphValue first = node.Activation(0);
        GraphValue second = node.Activation(1);
        (GraphValue whole, GraphValue factor) = first.Shape.Size >= second.Shape.Size ? (first, second) : (second, first);
        bool perChannel = factor.Shape is { IsVector: false, Height: 1, Width: 1 } && !whole.Shape.IsVector && factor.Shape.Channels == whole.Shape.Channels;
        if (whole.Shape != factor.Shape && !perChannel)
        {
            throw node.Fail($"shapes {first.Shape} and {second.Shape} cannot be multiplied; they must be the same, or one [N, channels, 1, 1]", "check the branches");
        }

        graph.Emit(node, new MultiplyOperation(), whole.Shape, whole, factor);
    }
}
