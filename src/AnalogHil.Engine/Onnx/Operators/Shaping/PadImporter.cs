using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>
/// A frame of a constant around a feature map, and channels of it before and after its own; amounts are attributes up to opset 10 and constant inputs from
/// 11 on.
/// </summary>
internal sealed class PadImporter : OperatorImporter
{
    public override string Operator => "Pad";

    public override IReadOnlyList<string> Attributes => ["mode", "pads", "value"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Map(0);
        string mode = node.Text("mode", "constant");
        if (mode != "constant" || node.HasInput(3))
        {
            throw node.Fail($"mode '{mode}' or an axes input is not supported, only mode 'constant' over all axes", "pad with zeros inside the convolution");
        }

        long[] pads = node.HasInput(1) ? node.Constant(1).ToIntegers() : node.Integers("pads") ?? [];
        if (pads.Length != 8 || pads[0] != 0 || pads[4] != 0 || pads.Any(pad => pad < 0 || pad > GraphLimits.Extent))
        {
            throw node.Fail(
                $"pads [{string.Join(", ", pads.Take(16))}] are not supported; eight values are needed, zero for the batch, 0 .. {GraphLimits.Extent} else",
                "pad only channels, height and width");
        }

        float value = node.HasInput(2) ? Scalar(node) : node.Float("value", 0);
        var frame = new PadOperation((int)pads[2], (int)pads[3], (int)pads[6], (int)pads[7], value);
        ItemShape framed = ItemShape.Map(input.Shape.Height + frame.Top + frame.Bottom, input.Shape.Width + frame.Left + frame.Right, input.Shape.Channels);
        if (pads[1] == 0 && pads[5] == 0)
        {
            graph.Emit(node, frame, framed, input);
            return;
        }

        GraphValue inner = framed == input.Shape ? input : graph.EmitPart(node, frame, framed, input);
        int[] source =
        [
            .. Enumerable.Repeat(-1, (int)pads[1]),
            .. Enumerable.Range(0, framed.Channels),
            .. Enumerable.Repeat(-1, (int)pads[5]),
        ];
        graph.Emit(node, new ChannelsOperation(source, value), framed with { Channels = source.Length }, inner);
    }

    private static float Scalar(ImportedNode node)
    {
        OnnxTensor value = node.Constant(2);
        return value.Count == 1 ? value.ToFloats()[0] : throw node.Fail($"value {value} must be a single number", "check the layer");
    }
}
