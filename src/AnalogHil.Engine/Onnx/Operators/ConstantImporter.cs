namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>A constant given as a node.</summary>
internal sealed class ConstantImporter : OperatorImporter
{
    public override string Operator => "Constant";

    public override IReadOnlyList<string> Attributes => ["value"];

    public override void Import(ImportedNode node, GraphBuilder graph) => graph.AddConstant(
        node.Output,
        node.Tensor("value") ?? throw node.Fail("has no attribute 'value'", "store the constant as a tensor, e.g. by onnxsim or constant folding at export"));
}
