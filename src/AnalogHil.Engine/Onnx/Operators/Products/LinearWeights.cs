namespace AnalogHil.Engine.Onnx.Operators.Products;

/// <summary>Weights of a fully connected layer as [outputs x inputs].</summary>
internal static class LinearWeights
{
    public static (float[] Weights, int Outputs) Read(ImportedNode node, GraphBuilder graph, int inputs, bool transposed)
    {
        OnnxTensor tensor = node.Constant(1);
        if (tensor.Rank != 2 || tensor.Count == 0 || tensor.Dims[transposed ? 1 : 0] != inputs)
        {
            throw node.Fail(
                $"weights {tensor} do not fit an input of {inputs} values", $"they must be {(transposed ? $"[outputs, {inputs}]" : $"[{inputs}, outputs]")}");
        }

        graph.CountWeights(node, tensor);
        float[] stored = tensor.ToFloats();
        if (transposed)
        {
            return (stored, tensor.Dims[0]);
        }

        int outputs = tensor.Dims[1];
        float[] weights = new float[stored.Length];
        for (int k = 0; k < inputs; k++)
        {
            for (int output = 0; output < outputs; output++)
            {
                weights[output * inputs + k] = stored[k * outputs + output];
            }
        }

        return (weights, outputs);
    }
}
