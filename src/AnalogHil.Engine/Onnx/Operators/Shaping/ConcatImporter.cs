using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>Several branches one after the other along a dimension, mostly the channels.</summary>
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

        GraphValue[] inputs = Inputs(node, graph);
        ItemShape first = inputs[0].Shape;
        int axis = Axis.Of(node, node.Integer("axis", 1), first);
        int place = first.Place(axis);
        long sum = 0;
        foreach (GraphValue input in inputs)
        {
            sum += input.Shape.Stored[place];
            if (With(input.Shape, place, 1) != With(first, place, 1))
            {
                throw node.Fail(
                    $"input '{input.Name}' {input.Shape} differs from '{inputs[0].Name}' {first} in more than axis "
                        + $"{axis}", "check the branches' strides and padding");
            }
        }

        graph.Emit(node, place == 2 ? new ConcatOperation() : new JoinOperation(place), With(first, place, (int)Math.Min(sum, int.MaxValue)), inputs);
    }

    // All feature maps, or all in ONNX's own order; a constant among them is the same for every item.
    private static GraphValue[] Inputs(ImportedNode node, GraphBuilder graph)
    {
        int[] places = [.. Enumerable.Range(0, node.InputCount)];
        ItemShape like = node.Activation(places.First(i => !node.IsConstant(i))).Shape;
        GraphValue[] inputs = [.. places.Select(i => node.IsConstant(i) ? Layout.Constant(node, graph, node.Constant(i), like) : node.Activation(i))];
        return inputs.All(input => input.Shape.IsMap == like.IsMap) ? inputs : [.. inputs.Select(input => Layout.RowMajor(node, graph, input))];
    }

    private static ItemShape With(ItemShape shape, int place, int dim) => place switch
    {
        0 => shape with { Height = dim },
        1 => shape with { Width = dim },
        _ => shape with { Channels = dim },
    };

    private static OnnxTensor Join(ImportedNode node)
    {
        OnnxTensor[] lists = [.. Enumerable.Range(0, node.InputCount).Select(node.Constant)];
        bool integers = lists.All(list => list.Rank == 1 && list.IsInteger);
        return integers && lists.Sum(list => (long)list.Count) <= GraphLimits.Extent
            ? OnnxTensor.List(node.Output, [.. lists.SelectMany(list => list.ToIntegers())])
            : throw node.Fail(
                $"constants other than lists of up to {GraphLimits.Extent} integers cannot be concatenated", "fold constants before export, e.g. with onnxsim");
    }
}
