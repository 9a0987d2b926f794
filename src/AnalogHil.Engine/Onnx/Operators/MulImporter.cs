namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>An activation times a constant for each channel.</summary>
internal sealed class MulImporter : OperatorImporter
{
    public override string Operator => "Mul";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (!ConstantArithmetic.TryFold(node, graph, (a, b) => a * b, (a, b) => checked(a * b)))
        {
            ChannelConstant.Emit(node, graph, (constant, _) => (constant, 0));
        }
    }
}
