using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>An activation raised to a constant.</summary>
internal sealed class PowImporter : OperatorImporter
{
    public override string Operator => "Pow";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        OnnxTensor exponent = node.Constant(1);
        if (exponent.Count != 1)
        {
            throw node.Fail($"exponent {exponent} must be a single number", "raise to one constant");
        }

        graph.Emit(node, new CurveOperation(Curve.Power, exponent.ToFloats()[0]), input.Shape, input);
    }
}
