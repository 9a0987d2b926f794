namespace AnalogHil.Engine.Onnx.Operators.Values;

/// <summary>The same value under another name.</summary>
internal sealed class IdentityImporter : OperatorImporter
{
    public override string Operator => "Identity";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph) => graph.Alias(node, 0);
}
