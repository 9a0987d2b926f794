namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>An activation minus a constant for each channel, or the other way round.</summary>
internal sealed class SubImporter : OperatorImporter
{
    public override string Operator => "Sub";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (!ConstantArithmetic.TryFold(node, graph, (a, b) => a - b, (a, b) => checked(a - b)))
        {
            ChannelConstant.Emit(node, graph, (constant, first) => first ? (-1, constant) : (1, -constant));
        }
    }
}
