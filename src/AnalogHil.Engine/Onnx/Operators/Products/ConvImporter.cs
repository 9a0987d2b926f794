using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Onnx.Operators.Products;

/// <summary>Two-dimensional convolution, with groups, any stride and padding.</summary>
internal sealed class ConvImporter : OperatorImporter
{
    public override string Operator => "Conv";

    public override IReadOnlyList<string> Attributes => ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Map(0);
        OnnxTensor weights = node.Constant(1);
        if (weights.Rank != 4 || weights.Count == 0)
        {
            throw node.Fail(
                $"weights {weights} must have four dimensions: output channels, input channels / groups, height, "
                    + "width",
                "only two-dimensional convolutions are supported");
        }

        (int outputs, int groupInputs, int height, int width) = (weights.Dims[0], weights.Dims[1], weights.Dims[2], weights.Dims[3]);
        long groups = node.Integer("group", 1);
        if (groups < 1 || outputs % groups != 0 || groupInputs * groups != input.Shape.Channels)
        {
            throw node.Fail(
                $"weights {weights} with {groups} groups do not fit {input.Shape.Channels} input channels",
                "output channels must be a multiple of the groups and input channels be groups times the second dimension of the weights");
        }

        if (node.Integers("kernel_shape") is { } kernel && !kernel.AsSpan().SequenceEqual([height, width]))
        {
            throw node.Fail($"kernel_shape [{string.Join(", ", kernel)}] contradicts weights {weights}", "the file is damaged, export it again");
        }

        graph.CountWeights(node, weights);
        (WindowAxis vertical, WindowAxis horizontal) = WindowReader.Read(node, input.Shape, (height, width));
        var geometry = new ProductGeometry(vertical, horizontal, input.Shape.Channels, outputs, (int)groups);
        float[] bias = node.HasInput(2) ? Bias(node, outputs) : new float[outputs];
        graph.Emit(
            node,
            new ProductOperation(0, Operator, geometry, PatchOrder(weights.ToFloats(), outputs, groupInputs, height * width), bias, Clamp.None),
            ItemShape.Map(vertical.Output, horizontal.Output, outputs),
            input);
    }

    private static float[] Bias(ImportedNode node, int outputs)
    {
        OnnxTensor bias = node.Constant(2);
        return bias.Count == outputs ? bias.ToFloats() : throw node.Fail($"bias {bias} must hold {outputs} values", "the file is damaged, export it again");
    }

    // ONNX keeps the taps of one input channel together, the engine the channels of one tap.
    private static float[] PatchOrder(float[] weights, int outputs, int channels, int taps)
    {
        if (taps == 1)
        {
            return weights;
        }

        float[] ordered = new float[weights.Length];
        for (int output = 0; output < outputs; output++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    ordered[(output * taps + tap) * channels + channel] = weights[(output * channels + channel) * taps + tap];
                }
            }
        }

        return ordered;
    }
}
