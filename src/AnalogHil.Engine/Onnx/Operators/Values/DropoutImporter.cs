namespace AnalogHil.Engine.Onnx.Operators.Values;

/// <summary>Nothing at inference.</summary>
internal sealed class DropoutImporter : OperatorImporter
{
    public override string Operator => "Dropout";

    public override IReadOnlyList<string> Attributes => ["ratio", "seed"];

    public override void Import(ImportedNode node, GraphBuilder graph) => graph.Alias(node, 0);
}
