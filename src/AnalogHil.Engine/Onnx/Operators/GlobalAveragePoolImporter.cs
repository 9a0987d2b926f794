using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Mean of the whole map, channel by channel.</summary>
internal sealed class GlobalAveragePoolImporter : OperatorImporter
{
    public override string Operator => "GlobalAveragePool";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Map(0);
        graph.Emit(
            node,
            new PoolOperation(
                PoolKind.Mean,
                new WindowAxis(input.Shape.Height, input.Shape.Height, 1, 0, 0, 1),
                new WindowAxis(input.Shape.Width, input.Shape.Width, 1, 0, 0, 1),
                CountPadding: false),
            ItemShape.Map(1, 1, input.Shape.Channels),
            input);
    }
}
