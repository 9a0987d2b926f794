using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Reductions;

namespace AnalogHil.Engine.Onnx.Operators.Reductions;

/// <summary>Mean of each window.</summary>
internal sealed class AveragePoolImporter : OperatorImporter
{
    public override string Operator => "AveragePool";

    public override IReadOnlyList<string> Attributes => ["auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Map(0);
        (WindowAxis vertical, WindowAxis horizontal) = WindowReader.Read(node, input.Shape, PoolKernel.Read(node));
        graph.Emit(
            node,
            new PoolOperation(PoolKind.Mean, vertical, horizontal, node.Integer("count_include_pad", 0) != 0),
            ItemShape.Map(vertical.Output, horizontal.Output, input.Shape.Channels),
            input);
    }
}
