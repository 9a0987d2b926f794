using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Arithmetic;

namespace AnalogHil.Engine.Onnx.Operators.Values;

/// <summary>What addition, subtraction, multiplication and division by a constant share: one value for each channel.</summary>
internal static class ChannelConstant
{
    /// <summary>Emits y = scale x + shift, both made from the node's constant c of the channel, whichever input it is.</summary>
    /// <returns>Whether one input is a constant with one value, or one for each channel.</returns>
    public static bool TryEmit(ImportedNode node, GraphBuilder graph, Func<float, bool, (float Scale, float Shift)> affine)
    {
        if (!node.IsConstant(0) && !node.IsConstant(1))
        {
            return false;
        }

        int at = node.IsConstant(0) ? 0 : 1;
        GraphValue input = node.Activation(1 - at);
        if (Read(node.Constant(at), input.Shape) is not { } constant)
        {
            return false;
        }

        float[] scale = new float[constant.Length];
        float[] shift = new float[constant.Length];
        for (int c = 0; c < constant.Length; c++)
        {
            (scale[c], shift[c]) = affine(constant[c], at == 0);
            if (!float.IsFinite(scale[c]) || !float.IsFinite(shift[c]))
            {
                throw node.Fail($"the constant {constant[c]} of channel {c} gives no finite result", "the file is damaged, export it again");
            }
        }

        graph.Emit(node, new AffineOperation(scale, shift), input.Shape, input);
        return true;
    }

    private static float[]? Read(OnnxTensor constant, ItemShape shape)
    {
        if (constant.Count == 1)
        {
            float[] same = new float[shape.Channels];
            Array.Fill(same, constant.ToFloats()[0]);
            return same;
        }

        // Broadcasting aligns the last dimensions: [.., C] for vectors and tokens, [.., C, 1, 1] for feature maps.
        int behind = shape.IsMap ? 2 : 0;
        int at = constant.Rank - 1 - behind;
        return constant.Count == shape.Channels && at >= 0 && constant.Rank <= shape.Rank && constant.Dims[at] == shape.Channels
            ? constant.ToFloats()
            : null;
    }
}
