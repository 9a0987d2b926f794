using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx.Operators;

/// <summary>Channels of several branches side by side.</summary>
internal sealed class ConcatImporter : OperatorImporter
{
    public override string Operator => "Concat";

    public override IReadOnlyList<string> Attributes => ["axis"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        if (Enumerable.Range(0, node.InputCount).All(node.IsConstant))
        {
            graph.AddConstant(node.Output, Join(node));
            return;
        }

        GraphValue first = node.Activation(0);
        int rank = first.Shape.IsVector ? 2 : 4;
        long axis = node.Integer("axis", 1);
        if (axis != 1 && axis != 1 - rank)
        {
            throw node.Fail($"axis {axis} of values {first.Shape} is not supported, only the channels (axis 1)", "concatenate along the channels");
        }

        var inputs = new GraphValue[node.InputCount];
        long channels = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = node.Activation(i);
            channels += inputs[i].Shape.Channels;
            if (inputs[i].Shape with { Channels = 1 } != first.Shape with { Channels = 1 })
            {
                throw node.Fail($"input '{inputs[i].Name}' {inputs[i].Shape} differs from '{first.Name}' {first.Shape} in more than the channels", "check the branches' strides and padding");
            }
        }

        ItemShape shape = first.Shape with { Channels = (int)Math.Min(channels, int.MaxValue) };
        graph.Emit(node, new ConcatOperation(), shape, inputs);
    }

    private static OnnxTensor Join(ImportedNode node)
    {
        OnnxTensor[] lists = [.. Enumerable.Range(0, node.InputCount).Select(node.Constant)];
        bool integers = lists.All(list => list.Rank == 1 && list.IsInteger);
        return integers && lists.Sum(list => (long)list.Count) <= GraphLimits.Extent
            ? OnnxTensor.List(node.Output, [.. lists.SelectMany(list => list.ToIntegers())])
            : throw node.Fail($"constants other than lists of up to {GraphLimits.Extent} integers cannot be concatenated", "fold constants before export, e.g. with onnxsim");
    }
}
