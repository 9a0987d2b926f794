using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>Gaussian error linear unit, by the error function.</summary>
internal sealed class GeluImporter : OperatorImporter
{
    public override string Operator => "Gelu";

    public override int FirstOpset => 20;

    public override IReadOnlyList<string> Attributes => ["approximate"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        string approximate = node.Text("approximate", "none");
        if (approximate != "none")
        {
            throw node.Fail($"approximate '{approximate}' is not supported, only 'none'", "export with the exact unit: nn.GELU()");
        }

        graph.Emit(node, new CurveOperation(Curve.Gelu, 1), input.Shape, input);
    }
}
