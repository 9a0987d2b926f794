using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;

namespace AnalogHil.Engine.Onnx;

/// <summary>Reads kernel_shape, strides, pads, dilations, auto_pad and ceil_mode, which convolutions and pooling share.</summary>
internal static class WindowReader
{
    /// <summary>The windows of a node along rows and columns.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">Shape of the feature map.</param>
    /// <param name="kernel">Kernel height and width.</param>
    public static (WindowAxis Vertical, WindowAxis Horizontal) Read(ImportedNode node, ItemShape input, (long Height, long Width) kernel)
    {
        long[] strides = Pair(node, "strides", 2, 1);
        long[] pads = Pair(node, "pads", 4, 0);
        long[] dilations = Pair(node, "dilations", 2, 1);
        string autoPad = node.Text("auto_pad", "NOTSET");
        bool ceiling = node.Integer("ceil_mode", 0) != 0;
        return (
            Axis(node, input.Height, kernel.Height, dilations[0], strides[0], pads[0], pads[2], autoPad, ceiling),
            Axis(node, input.Width, kernel.Width, dilations[1], strides[1], pads[1], pads[3], autoPad, ceiling));
    }

    private static WindowAxis Axis(ImportedNode node, long input, long taps, long dilation, long stride, long before, long after, string autoPad, bool ceiling)
    {
        Check(node, "kernel_shape", taps, 1);
        Check(node, "dilations", dilation, 1);
        long kernel = (taps - 1) * dilation + 1;
        Check(node, "kernel_shape", kernel, 1);
        Check(node, "strides", stride, 1);
        Check(node, "pads", before, 0);
        Check(node, "pads", after, 0);
        switch (autoPad)
        {
            case "NOTSET":
                break;
            case "VALID":
                (before, after) = (0, 0);
                break;
            case "SAME_UPPER" or "SAME_LOWER":
                long total = Math.Max(0, ((input + stride - 1) / stride - 1) * stride + kernel - input);
                before = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2;
                after = total - before;
                break;
            default:
                throw node.Fail($"auto_pad '{autoPad}' is unknown; known are NOTSET, VALID, SAME_UPPER and SAME_LOWER", "export the model again");
        }

        if (before >= kernel || after >= kernel)
        {
            throw node.Fail(
                $"padding {before} and {after} reaches or exceeds the kernel's {kernel} "
                    + $"{(dilation == 1 ? "taps" : "pixels")}", "such windows would see nothing; check the layer");
        }

        long span = input + before + after - kernel;
        if (span < 0)
        {
            throw node.Fail($"a kernel of {kernel} does not fit an input of {input} with padding {before} and {after}", "check the model's input shape");
        }

        // Any other window of a pooling holds a pixel: padding is less than the window, and none starts behind the input.
        if (node.Operator != "Conv" && taps > 1 && dilation > input)
        {
            throw node.Fail($"taps {dilation} pixels apart step over an input of {input}: a window may see nothing but padding", "check the layer's dilations");
        }

        long output = (ceiling ? span + stride - 1 : span) / stride + 1;
        // A last window that would start in the padding after the input is dropped.
        if (ceiling && (output - 1) * stride >= input + before)
        {
            output--;
        }

        return new WindowAxis((int)input, (int)taps, (int)stride, (int)before, (int)after, (int)output) { Dilation = (int)dilation };
    }

    private static void Check(ImportedNode node, string attribute, long value, long least)
    {
        if (value < least || value > GraphLimits.Extent)
        {
            throw node.Fail($"attribute '{attribute}' holds {value}, outside {least} .. {GraphLimits.Extent}", "the file is damaged, export it again");
        }
    }

    private static long[] Pair(ImportedNode node, string attribute, int length, long fallback)
    {
        long[] values = node.Integers(attribute) ?? [.. Enumerable.Repeat(fallback, length)];
        return values.Length == length
            ? values
            : throw node.Fail(
                $"attribute '{attribute}' has {values.Length} values, {length} are needed for a two-dimensional "
                    + "window",
                "only two-dimensional layers are supported");
    }
}
