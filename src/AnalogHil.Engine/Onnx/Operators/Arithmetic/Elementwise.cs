using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Arithmetic;
using AnalogHil.Engine.Onnx.Operators.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Arithmetic;

/// <summary>What arithmetic of two activations shares: dimensions that agree or are 1.</summary>
internal static class Elementwise
{
    /// <summary>Emits the node's two inputs combined; a constant among them becomes a value.</summary>
    public static void Emit(ImportedNode node, GraphBuilder graph, BroadcastKind kind)
    {
        GraphValue first = node.IsConstant(0) ? Layout.Constant(node, graph, node.Constant(0), node.Activation(1).Shape) : node.Activation(0);
        GraphValue second = node.IsConstant(1) ? Layout.Constant(node, graph, node.Constant(1), first.Shape) : node.Activation(1);
        (Operation operation, ItemShape shape, GraphValue a, GraphValue b) = Combine(node, graph, kind, first, second);
        graph.Emit(node, operation, shape, a, b);
    }

    /// <summary>Emits a combination that the file does not name.</summary>
    public static GraphValue EmitPart(ImportedNode node, GraphBuilder graph, BroadcastKind kind, GraphValue first, GraphValue second)
    {
        (Operation operation, ItemShape shape, GraphValue a, GraphValue b) = Combine(node, graph, kind, first, second);
        return graph.EmitPart(node, operation, shape, a, b);
    }

    private static (Operation Operation, ItemShape Shape, GraphValue First, GraphValue Second) Combine(
        ImportedNode node, GraphBuilder graph, BroadcastKind kind, GraphValue first, GraphValue second)
    {
        if (first.Shape.Rank != second.Shape.Rank)
        {
            throw node.Fail(
                $"shapes {first.Shape} and {second.Shape} have different numbers of dimensions, so that aligned at the end one's batch would meet the "
                    + "other's items",
                "unsqueeze the shorter one explicitly");
        }

        if (first.Shape.IsMap != second.Shape.IsMap)
        {
            (first, second) = (Layout.RowMajor(node, graph, first), Layout.RowMajor(node, graph, second));
        }

        if (first.Shape == second.Shape && kind == BroadcastKind.Add)
        {
            return (new AddOperation(Clamp.None), first.Shape, first, second);
        }

        if (first.Shape == second.Shape && kind == BroadcastKind.Multiply)
        {
            return (new MultiplyOperation(), first.Shape, first, second);
        }

        int[] dims = [.. first.Shape.Stored.Zip(second.Shape.Stored, (a, b) => a == b || b == 1 ? a : a == 1 ? b : 0)];
        return dims.Contains(0)
            ? throw node.Fail($"shapes {first.Shape} and {second.Shape} differ in a dimension that is 1 in neither", "check the branches")
            : (new BroadcastOperation(kind), first.Shape with { Height = dims[0], Width = dims[1], Channels = dims[2] }, first, second);
    }
}
