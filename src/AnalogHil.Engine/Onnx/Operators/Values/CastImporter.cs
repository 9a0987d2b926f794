using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;
using AnalogHil.Engine.Graph.Operations.Shaping;
using AnalogHil.Engine.Onnx.Operators.Arithmetic;

namespace AnalogHil.Engine.Onnx.Operators.Values;

/// <summary>Another element type: everything is read as float32 or integers whatever its type, so only the name changes, but for casts to bool.</summary>
internal sealed class CastImporter : OperatorImporter
{
    public override string Operator => "Cast";

    public override IReadOnlyList<string> Attributes => ["to", "saturate"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        var target = (OnnxDataType)node.Integer("to", 0);
        if (!node.IsConstant(0))
        {
            CastActivation(node, graph, target);
            return;
        }

        if (target is not (OnnxDataType.Float or OnnxDataType.Double or OnnxDataType.Int64 or OnnxDataType.Int32))
        {
            throw node.Fail($"a cast to type {(int)target} would round the constant", "export the model in float32");
        }

        graph.Alias(node, 0);
    }

    private static void CastActivation(ImportedNode node, GraphBuilder graph, OnnxDataType target)
    {
        GraphValue input = node.Activation(0);
        bool keeps = target is OnnxDataType.Float or OnnxDataType.Double
            || target is OnnxDataType.Int64 or OnnxDataType.Int32 && graph.IsInteger(input)
            || target == OnnxDataType.Bool && graph.IsTruth(input);
        if (keeps)
        {
            graph.Alias(node, 0);
        }
        else if (target == OnnxDataType.Bool)
        {
            // Anything but zero is true: 1 - (x = 0).
            GraphValue zero = graph.EmitPart(node, new ConstantOperation([0]), input.Shape with { Height = 1, Width = 1, Channels = 1 });
            GraphValue isZero = Elementwise.EmitPart(node, graph, BroadcastKind.Equal, input, zero);
            float[] minus = new float[input.Shape.Channels];
            float[] one = new float[minus.Length];
            Array.Fill(minus, -1);
            Array.Fill(one, 1);
            graph.Emit(node, new AffineOperation(minus, one), input.Shape, isZero);
            graph.MarkTruth(node);
        }
        else
        {
            throw node.Fail($"an activation cannot be cast to type {(int)target}; the engine computes in float32", "export the model in float32");
        }
    }
}
