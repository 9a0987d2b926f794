using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>min(max(x, low), high); limits are attributes up to opset 10 and constant inputs from 11 on.</summary>
internal sealed class ClipImporter : OperatorImporter
{
    public override string Operator => "Clip";

    public override IReadOnlyList<string> Attributes => ["min", "max"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Activation(0);
        float low = node.HasInput(1) ? Scalar(node, 1) : node.Float("min", float.NegativeInfinity);
        float high = node.HasInput(2) ? Scalar(node, 2) : node.Float("max", float.PositiveInfinity);
        if (low > high)
        {
            throw node.Fail($"the lower limit {low} is above the upper limit {high}", "check the layer");
        }

        graph.Emit(node, new ClampOperation(new Clamp(low, high)), input.Shape, input);
    }

    private static float Scalar(ImportedNode node, int index)
    {
        OnnxTensor limit = node.Constant(index);
        return limit.Count == 1 ? limit.ToFloats()[0] : throw node.Fail($"limit {limit} must be a single number", "check the layer");
    }
}
