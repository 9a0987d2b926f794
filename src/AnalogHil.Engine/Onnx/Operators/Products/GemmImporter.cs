using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Graph.Operations.Products;

namespace AnalogHil.Engine.Onnx.Operators.Products;

/// <summary>Fully connected layer: alpha A B + beta C with a constant B.</summary>
internal sealed class GemmImporter : OperatorImporter
{
    public override string Operator => "Gemm";

    public override IReadOnlyList<string> Attributes => ["alpha", "beta", "transA", "transB"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = node.Vector(0);
        if (node.Integer("transA", 0) != 0)
        {
            throw node.Fail("transA is not supported", "the batch must be the first dimension of the layer's input");
        }

        (float[] weights, int outputs) = LinearWeights.Read(node, graph, input.Shape.Channels, node.Integer("transB", 0) != 0);
        float alpha = node.Float("alpha", 1);
        if (alpha != 1)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] *= alpha;
            }
        }

        float[] bias = new float[outputs];
        if (node.HasInput(2))
        {
            OnnxTensor constant = node.Constant(2);
            if (constant.Count != outputs && constant.Count != 1 || constant.Rank > 2)
            {
                throw node.Fail($"C {constant} must hold {outputs} values or one", "the file is damaged, export it again");
            }

            float beta = node.Float("beta", 1);
            float[] values = constant.ToFloats();
            for (int i = 0; i < outputs; i++)
            {
                bias[i] = beta * values[values.Length == 1 ? 0 : i];
            }
        }

        graph.Emit(
            node,
            new ProductOperation(0, Operator, ProductGeometry.Linear(input.Shape.Channels, outputs), weights, bias, Clamp.None),
            ItemShape.Vector(outputs),
            input);
    }
}
