using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Reductions;

namespace AnalogHil.Engine.Onnx.Operators.Reductions;

/// <summary>Largest value of each window.</summary>
internal sealed class MaxPoolImporter : OperatorImporter
{
    public override string Operator => "MaxPool";

    public override IReadOnlyList<string> Attributes => ["auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Map(0);
        (WindowAxis vertical, WindowAxis horizontal) = WindowReader.Read(node, input.Shape, PoolKernel.Read(node));
        graph.Emit(
            node,
            new PoolOperation(PoolKind.Maximum, vertical, horizontal, CountPadding: false),
            ItemShape.Map(vertical.Output, horizontal.Output, input.Shape.Channels),
            input);
    }
}
