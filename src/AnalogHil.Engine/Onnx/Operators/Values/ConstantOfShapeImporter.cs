using AnalogHil.Engine.Onnx.Constants;

namespace AnalogHil.Engine.Onnx.Operators.Values;

/// <summary>A constant of one value everywhere; it takes no memory until a layer asks for it.</summary>
internal sealed class ConstantOfShapeImporter : OperatorImporter
{
    public override string Operator => "ConstantOfShape";

    public override int FirstOpset => 9;

    public override IReadOnlyList<string> Attributes => ["value"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        long[] dims = node.Constant(0).ToIntegers();
        FilledValues values = new(OnnxDataType.Float, 0, 0);
        if (node.Tensor("value") is { } value)
        {
            if (value.Count != 1)
            {
                throw node.Fail($"value {value} must be a single number", "the file is damaged, export it again");
            }

            values = value.IsInteger
                ? new FilledValues(OnnxDataType.Int64, value.ToFloats()[0], value.ToIntegers()[0])
                : new FilledValues(OnnxDataType.Float, value.ToFloats()[0], 0);
        }

        graph.AddConstant(node.Output, OnnxTensor.Create(node.Output, dims, values));
    }
}
