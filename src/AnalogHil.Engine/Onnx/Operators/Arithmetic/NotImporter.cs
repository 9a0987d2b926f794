using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>1 where its input is 0, 0 where it is 1.</summary>
internal sealed class NotImporter : OperatorImporter
{
    public override string Operator => "Not";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        if (!graph.IsTruth(input))
        {
            throw node.Fail($"input '{input.Name}' is no comparison and no cast to bool", "compare it first");
        }

        float[] minus = new float[input.Shape.Channels];
        float[] one = new float[minus.Length];
        Array.Fill(minus, -1);
        Array.Fill(one, 1);
        graph.Emit(node, new AffineOperation(minus, one), input.Shape, input);
        graph.MarkTruth(node);
    }
}
