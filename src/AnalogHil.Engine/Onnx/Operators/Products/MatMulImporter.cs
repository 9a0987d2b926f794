using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Products;
using AnalogHil.Engine.Onnx.Operators.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Products;

/// <summary>
/// Fully connected layer without bias, of a vector or of every token: activation times constant. Or the product of two activations, head by head.
/// </summary>
internal sealed class MatMulImporter : OperatorImporter
{
    public override string Operator => "MatMul";

    public override IReadOnlyList<string> Attributes => [];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (node.IsConstant(0))
        {
            throw node.Fail("a constant times an activation is not supported", "transpose the product, so that the constant is its second operand");
        }

        GraphValue input = Layout.RowMajor(node, graph, node.Activation(0));
        if (!node.IsConstant(1))
        {
            MultiplyActivations(node, graph, input, Layout.RowMajor(node, graph, node.Activation(1)));
            return;
        }

        ItemShape shape = input.Shape;
        (float[] weights, int outputs) = LinearWeights.Read(node, graph, shape.Channels, transposed: false);
        var geometry = new ProductGeometry(WindowAxis.Pointwise(shape.Height), WindowAxis.Pointwise(shape.Width), shape.Channels, outputs, 1);
        graph.Emit(node, new ProductOperation(0, Operator, geometry, weights, new float[outputs], Clamp.None), shape with { Channels = outputs }, input);
    }

    private void MultiplyActivations(ImportedNode node, GraphBuilder graph, GraphValue first, GraphValue second)
    {
        ItemShape a = first.Shape;
        ItemShape b = second.Shape;
        if (!a.IsTensor || a.Rank != b.Rank || a.Height != b.Height || a.Channels != b.Width)
        {
            throw node.Fail(
                $"activations {a} and {b} cannot be multiplied; [N, rows, length] by [N, length, columns], or both with the same heads before, are "
                    + "needed",
                "check transpositions, and expand shared heads");
        }

        graph.Emit(
            node,
            new ActivationProductOperation(0, Operator, a.Height, a.Width, a.Channels, b.Channels),
            a with { Channels = b.Channels },
            first,
            second);
    }
}
