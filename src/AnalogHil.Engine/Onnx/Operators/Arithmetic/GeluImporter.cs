using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>Gaussian error linear unit, by the error function or its approximation by tanh.</summary>
internal sealed class GeluImporter : OperatorImporter
{
    public override string Operator => "Gelu";

    public override int FirstOpset => 20;

    public override IReadOnlyList<string> Attributes => ["approximate"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        string approximate = node.Text("approximate", "none");
        Curve curve = approximate switch
        {
            "none" => Curve.Gelu,
            "tanh" => Curve.GeluTanh,
            _ => throw node.Fail($"approximate '{approximate}' is not supported, only 'none' and 'tanh'", "export with nn.GELU()"),
        };
        graph.Emit(node, new CurveOperation(curve, 1), input.Shape, input);
    }
}
