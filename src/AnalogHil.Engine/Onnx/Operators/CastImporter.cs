namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>A constant of another element type; constants are read as float32 or integers whatever their type, so only the name changes.</summary>
internal sealed class CastImporter : OperatorImporter
{
    public override string Operator => "Cast";

    public override IReadOnlyList<string> Attributes => ["to", "saturate"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        var target = (OnnxDataType)node.Integer("to", 0);
        if (!node.IsConstant(0) && target != OnnxDataType.Float)
        {
            throw node.Fail($"an activation cannot be cast to type {(int)target}; the engine computes in float32", "export the model in float32");
        }

        if (target is not (OnnxDataType.Float or OnnxDataType.Double or OnnxDataType.Int64 or OnnxDataType.Int32))
        {
            throw node.Fail($"a cast to type {(int)target} would round the constant", "export the model in float32");
        }

        graph.Alias(node, 0);
    }
}
