using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Reductions;

namespace AnalogHil.Engine.Onnx.Operators.Reductions;

/// <summary>Mean of the whole map, channel by channel.</summary>
internal sealed class GlobalAveragePoolImporter : OperatorImporter
{
    public override string Operator => "GlobalAveragePool";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Map(0);
        graph.Emit(node, PoolOperation.WholeMap(input.Shape), ItemShape.Map(1, 1, input.Shape.Channels), input);
    }
}
