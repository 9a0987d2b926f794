namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>An activation divided by a constant for each channel.</summary>
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

        if (node.IsConstant(0))
        {
            throw node.Fail("a constant divided by an activation is not supported", "rewrite it without the reciprocal");
        }

        ChannelConstant.Emit(node, graph, (constant, _) => (1 / constant, 0));
    }
}
