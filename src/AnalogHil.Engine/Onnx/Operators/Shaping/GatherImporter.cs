using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;
using AnalogHil.Engine.Onnx.Constants;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>Rows of a table by token ids, elements of a constant or places along a dimension of an activation by constant indices.</summary>
internal sealed class GatherImporter : OperatorImporter
{
    public override string Operator => "Gather";

    public override IReadOnlyList<string> Attributes => ["axis"];

    public override void Import(ImportedNode node, GraphBuilder graph)
    {
        long axis = node.Integer("axis", 0);
        if (node.IsConstant(0) && node.IsConstant(1))
        {
            graph.AddConstant(node.Output, OfConstant(node, node.Constant(0), node.Constant(1), axis));
            return;
        }

        if (node.IsConstant(0))
        {
            Embed(node, graph, axis);
            return;
        }

        if (graph.FindSplit(node.InputName(0)) is { Picked: null } split && node.Constant(1) is { Rank: 0 } single)
        {
            int dimension = split.Dimension(node, axis);
            split.Emit(node, graph, dimension, Indices(node, single, split.Dims[dimension - 1])[0]);
            return;
        }

        GraphValue input = node.Activation(0);
        OnnxTensor indices = node.Constant(1);
        int at = Axis.Of(node, axis, input.Shape);
        if (indices.Rank > 1)
        {
            throw node.Fail(
                $"indices {indices} of rank {indices.Rank} into {input.Shape} are not supported, only a single index or a "
                    + "list",
                "pick places along one dimension");
        }

        int[] places = Indices(node, indices, input.Shape.Dims[at - 1]);
        if (indices.Rank == 0)
        {
            Picking.EmitSingle(node, graph, input, at, places[0]);
            return;
        }

        Picking.Emit(node, graph, 0, input, new Dictionary<int, int[]> { [at] = places });
    }

    private static OnnxTensor OfConstant(ImportedNode node, OnnxTensor table, OnnxTensor indices, long axis)
    {
        if (table.Rank < 1 || axis != 0 && axis != -table.Rank || table.Rank > 1 && table.IsInteger || table.Rank == 1 && !table.IsInteger)
        {
            throw node.Fail(
                $"indices {indices} into constant {table} along axis {axis} are not supported, only along the first of lists of integers and of tables of "
                    + "numbers",
                "fold constants before export, e.g. with onnxsim");
        }

        int[] rows = Indices(node, indices, table.Dims[0]);
        if (table.Rank == 1)
        {
            long[] values = table.ToIntegers();
            return OnnxTensor.List(node.Output, [.. rows.Select(row => values[row])]).As(node.Output, indices.Dims);
        }

        int width = table.Count / table.Dims[0];
        if ((long)rows.Length * width > GraphLimits.ComputedValues)
        {
            throw node.Fail(
                $"{rows.Length} rows of constant {table} are more than {GraphLimits.ComputedValues} "
                    + "values",
                "the file is damaged, or fold its constants before export");
        }

        float[] numbers = table.ToFloats();
        float[] result = new float[rows.Length * width];
        for (int i = 0; i < rows.Length; i++)
        {
            numbers.AsSpan(rows[i] * width, width).CopyTo(result.AsSpan(i * width));
        }

        return OnnxTensor.Create(node.Output, [.. indices.Dims.Select(dim => (long)dim), .. table.Dims[1..].Select(dim => (long)dim)], new ComputedFloats(result));
    }

    private static void Embed(ImportedNode node, GraphBuilder graph, long axis)
    {
        OnnxTensor table = node.Constant(0);
        GraphValue ids = node.Activation(1);
        if (table.Rank != 2 || table.Count == 0 || table.IsInteger || axis != 0 && axis != -2)
        {
            throw node.Fail(
                $"ids into constant {table} along axis {axis} are not supported; a table [vocabulary, width] along axis 0 is "
                    + "needed",
                "look ids up in an embedding table");
        }

        if (!graph.IsIntegerInput(ids))
        {
            throw node.Fail($"ids '{ids.Name}' are computed; they must be an integer input of the model", "give them as an input, or as constants");
        }

        int[] dims = [.. ids.Shape.Dims, table.Dims[1]];
        Layout.CheckRank(node, dims.Length);
        graph.CountWeights(node, table);
        graph.Emit(node, new EmbeddingOperation(table.ToFloats(), table.Dims[0], table.Dims[1]), ItemShape.RowMajor(dims), ids);
    }

    private static int[] Indices(ImportedNode node, OnnxTensor indices, int length)
    {
        if (indices.Count > GraphLimits.Extent)
        {
            throw node.Fail($"{indices.Count} indices are more than {GraphLimits.Extent}", "the file is damaged, export it again");
        }

        return [.. indices.ToIntegers().Select(index => index >= -length && index < length
            ? (int)(index < 0 ? index + length : index)
            : throw node.Fail($"index {index} lies outside {length} elements", "the file is damaged, export it again"))];
    }
}
