using AnalogHil.Engine.Graph.Operations;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>Equal, Greater, Less: 1 where it holds, 0 else.</summary>
internal sealed class ComparisonImporter(string name, BroadcastKind kind) : OperatorImporter
{
    public override string Operator => name;

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        Elementwise.Emit(node, graph, kind);
        graph.MarkTruth(node);
    }
}
