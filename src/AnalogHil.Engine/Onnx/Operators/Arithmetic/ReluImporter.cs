using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>max(x, 0).</summary>
internal sealed class ReluImporter : OperatorImporter
{
    public override string Operator => "Relu";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        graph.Emit(node, new ClampOperation(Clamp.Relu), input.Shape, input);
    }
}
