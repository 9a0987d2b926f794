using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Axes of values.</summary>
internal static class Axis
{
    /// <summary>An axis counted from the front, the batch being 0, which is refused.</summary>
    public static int Of(ImportedNode node, long axis, ItemShape shape)
    {
        long at = axis < 0 ? axis + shape.Rank : axis;
        return at >= 1 && at < shape.Rank
            ? (int)at
            : throw node.Fail($"axis {axis} of {shape} is the batch or outside", "only the dimensions behind the batch can be used");
    }
}
