using AnalogHil.Engine.Graph;
using AnalogHil.Engine.Graph.Operations.Shaping;

namespace AnalogHil.Engine.Onnx.Operators.Shaping;

/// <summary>What Gather, Slice and Split share: chosen places along axes.</summary>
internal static class Picking
{
    /// <summary>Emits output <paramref name="output"/> of the node: places <paramref name="picked"/> along each axis (counted from 1).</summary>
    public static void Emit(ImportedNode node, GraphBuilder graph, int output, GraphValue input, IReadOnlyDictionary<int, int[]> picked)
    {
        ItemShape shape = input.Shape;
        if (picked.Count == 1 && shape.Rank is 2 or 4 && picked.TryGetValue(1, out int[]? channels) && shape.Place(1) == 2)
        {
            graph.Emit(node, output, new ChannelsOperation(channels, 0), shape with { Channels = channels.Length }, input);
            return;
        }

        (PickOperation pick, ItemShape result) = Pick(shape, picked);
        graph.Emit(node, output, pick, result, input);
    }

    /// <summary>Emits the node as one place along an axis, which disappears.</summary>
    public static void EmitSingle(ImportedNode node, GraphBuilder graph, GraphValue input, int axis, int place)
    {
        Layout.CheckRank(node, input.Shape.Rank - 2);
        GraphValue source = Layout.RowMajor(node, graph, input);
        int[] dims = source.Shape.Dims;
        (PickOperation pick, _) = Pick(source.Shape, new Dictionary<int, int[]> { [axis] = [place] });
        graph.Emit(node, pick, ItemShape.RowMajor([.. dims[..(axis - 1)], .. dims[axis..]]), source);
    }

    private static (PickOperation Pick, ItemShape Shape) Pick(ItemShape shape, IReadOnlyDictionary<int, int[]> picked)
    {
        int[][] places = [.. shape.Stored.Select(dim => Enumerable.Range(0, dim).ToArray())];
        foreach ((int axis, int[] chosen) in picked)
        {
            places[shape.Place(axis)] = chosen;
        }

        return (new PickOperation(places[0], places[1], places[2]), shape with { Height = places[0].Length, Width = places[1].Length, Channels = places[2].Length });
    }
}
