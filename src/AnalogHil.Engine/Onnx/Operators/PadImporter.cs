using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>A frame of a constant around a feature map; amounts are attributes up to opset 10 and constant inputs from 11 on.</summary>
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
        if (pads.Length != 8 || pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0 || pads.Any(pad => pad < 0 || pad > GraphLimits.Extent))
        {
            throw node.Fail(
                $"pads [{string.Join(", ", pads.Take(16))}] are not supported; eight values are needed, zero for batch and channels, 0 .. {GraphLimits.Extent} else",
                "pad only height and width");
        }

        float value = node.HasInput(2) ? Scalar(node) : node.Float("value", 0);
        graph.Emit(
            node,
            new PadOperation((int)pads[2], (int)pads[3], (int)pads[6], (int)pads[7], value),
            ItemShape.Map(input.Shape.Height + (int)(pads[2] + pads[6]), input.Shape.Width + (int)(pads[3] + pads[7]), input.Shape.Channels),
            input);
    }

    private static float Scalar(ImportedNode node)
    {
        OnnxTensor value = node.Constant(2);
        return value.Count == 1 ? value.ToFloats()[0] : throw node.Fail($"value {value} must be a single number", "check the layer");
    }
}
