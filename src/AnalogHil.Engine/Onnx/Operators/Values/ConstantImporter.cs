using AnalogHil.Engine.Onnx.Constants;

namespace AnalogHil.Engine.Onnx.Operators.Values;

/// <summary>A constant given as a node: a tensor, a number or a list of numbers.</summary>
internal sealed class ConstantImporter : OperatorImporter
{
    public override string Operator => "Constant";

    public override IReadOnlyList<string> Attributes => ["value", "value_float", "value_floats", "value_int", "value_ints"];

    public override void Import(ImportedNode node, GraphBuilder graph) => graph.AddConstant(
        node.Output,
        node.Tensor("value") ?? Numbers(node) ?? Integers(node)
            ?? throw node.Fail($"has none of the attributes {string.Join(", ", Attributes)}",
                "store the constant as a tensor, e.g. by onnxsim or constant folding at export"));

    private static OnnxTensor? Numbers(ImportedNode node)
    {
        float[]? values = node.HasAttribute("value_float") ? [node.Float("value_float", 0)] : node.Floats("value_floats");
        if (values is null)
        {
            return null;
        }

        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        return bad < 0
            ? OnnxTensor.Create(node.Output, Dims(node, "value_float", values.Length), new ComputedFloats(values))
            : throw node.Fail($"value {bad} is {values[bad]}", "constants must be finite, export the model again");
    }

    private static OnnxTensor? Integers(ImportedNode node)
    {
        long[]? values = node.HasAttribute("value_int") ? [node.Integer("value_int", 0)] : node.Integers("value_ints");
        return values is null ? null : OnnxTensor.Create(node.Output, Dims(node, "value_int", values.Length), new ComputedIntegers(values));
    }

    // A single number has no dimension.
    private static long[] Dims(ImportedNode node, string scalar, int count) => node.HasAttribute(scalar) ? [] : [count];
}
