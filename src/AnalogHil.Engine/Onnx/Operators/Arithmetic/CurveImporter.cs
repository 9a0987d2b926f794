using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>The operators that are a function of every single value: Erf, LeakyRelu, Sigmoid, Tanh.</summary>
internal sealed class CurveImporter(string name, Curve curve, params string[] attributes) : OperatorImporter
{
    public override string Operator => name;

    public override IReadOnlyList<string> Attributes => attributes;

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        float slope = curve == Curve.LeakyRelu ? node.Float("alpha", 0.01f) : 0;
        if (!float.IsFinite(slope))
        {
            throw node.Fail($"alpha is {slope}", "the file is damaged, export it again");
        }

        graph.Emit(node, new CurveOperation(curve, slope), input.Shape, input);
    }
}
