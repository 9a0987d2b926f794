using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Reductions;
using AnalogHil.Engine.Onnx.Operators.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Reductions;

/// <summary>Layer normalisation over the last dimension.</summary>
internal sealed class LayerNormalizationImporter : OperatorImporter
{
    public override string Operator => "LayerNormalization";

    public override int FirstOpset => 17;

    public override IReadOnlyList<string> Attributes => ["axis", "epsilon", "stash_type"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        GraphValue input = Layout.RowMajor(node, graph, node.Activation(0));
        int axis = Axis.Of(node, node.Integer("axis", -1), input.Shape);
        if (axis != input.Shape.Rank - 1)
        {
            throw node.Fail($"axis {axis} of {input.Shape} is not supported, only the last one", "normalise over the last dimension");
        }

        for (int i = 1; i < node.OutputCount; i++)
        {
            if (node.OutputName(i).Length > 0)
            {
                throw node.Fail($"output {i} (mean or deviation) is not computed", "use the normalised value only");
            }
        }

        float epsilon = node.Float("epsilon", 1e-5f);
        if (!(epsilon >= 0) || !float.IsFinite(epsilon))
        {
            throw node.Fail($"epsilon is {epsilon}", "the file is damaged, export it again");
        }

        int channels = input.Shape.Channels;
        float[] shift = node.HasInput(2) ? Parameter(node, 2, channels) : new float[channels];
        graph.Emit(node, new LayerNormOperation(Parameter(node, 1, channels), shift, epsilon), input.Shape, input);
    }

    private static float[] Parameter(ImportedNode node, int index, int channels)
    {
        OnnxTensor tensor = node.Constant(index);
        return tensor.Count == channels ? tensor.ToFloats() : throw node.Fail(
            $"parameter {tensor} must hold {channels} values", "the file is damaged, export it again");
    }
}
