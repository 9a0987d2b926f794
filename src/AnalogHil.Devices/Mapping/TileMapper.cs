using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Mapping;

/// <summary>Cuts the matrices of a network into blocks of the device's tile geometry and places them.</summary>
public static class TileMapper
{
    /// <summary>
    /// Rows are cut into B = ceil(N / R) near-equal blocks at the same positions for every channel, columns likewise; every group of a
    /// grouped layer is a matrix of its own, and small blocks share tiles.
    /// </summary>
    /// <param name="shapes">Matrices in network order.</param>
    /// <param name="capabilities">Geometry, and the largest number of copies.</param>
    /// <exception cref="MappingException">A layer does not fit, or asks for more copies than the device offers.</exception>
    /// <exception cref="ArgumentException">A shape is not a matrix (sizes below 1, or groups that do not divide the channels).</exception>
    public static TileMap Map(IReadOnlyList<MatrixShape> shapes, DeviceCapabilities capabilities)
    {
        var cuts = new List<Cut>();
        int block = 0;
        for (int layer = 0; layer < shapes.Count; layer++)
        {
            Verify(shapes[layer], capabilities);
            CutLayer(shapes[layer], layer, capabilities, cuts, ref block);
        }

        Dictionary<int, Placement[]> placements = PlaceAll(shapes, capabilities, cuts);
        MappedLayer[] layers = new MappedLayer[shapes.Count];
        long cells = 0;
        for (int layer = 0; layer < shapes.Count; layer++)
        {
            MatrixShape shape = shapes[layer];
            ImmutableArray<MappedBlock> blocks =
            [
                .. cuts.Where(cut => cut.Layer == layer).Select(cut => new MappedBlock(
                    cut.Block, cut.Group, cut.FirstRow, cut.Rows, cut.FirstChannel, cut.Columns, [.. placements[cut.Block]])),
            ];
            layers[layer] = new MappedLayer(shape, [.. Edges(shape.DotLength, capabilities.Rows)], blocks);
            cells += blocks.Sum(mapped => (long)mapped.Rows * mapped.Columns * mapped.Copies.Length);
        }

        return new TileMap([.. layers], cells, (long)capabilities.Tiles * capabilities.Rows * capabilities.Columns);
    }

    private static void Verify(MatrixShape shape, DeviceCapabilities capabilities)
    {
        if (shape.DotLength < 1 || shape.Channels < 1 || shape.Groups < 1 || shape.Channels % shape.Groups != 0 || shape.Copies < 1)
        {
            throw new ArgumentException(
                $"layer {shape.Layer}: N = {shape.DotLength}, {shape.Channels} channels in {shape.Groups} groups, {shape.Copies} copies; all must be at least 1 and the groups divide the channels");
        }

        int most = capabilities.MaxRepeats.GetValueOrDefault(RedundancyMode.SpatialCopies, 1);
        if (shape.Copies > most)
        {
            throw new MappingException(
                shape.Layer, $"layer {shape.Layer}: {shape.Copies} copies in space, the device offers at most {most}; lower the copies or use time averaging");
        }
    }

    /// <summary>Where a length is cut: near-equal parts, none longer than the limit; 0, ..., length.</summary>
    /// <param name="length">Rows or columns of a matrix.</param>
    /// <param name="limit">Rows or columns of a tile.</param>
    public static int[] Edges(int length, int limit)
    {
        int parts = (length + limit - 1) / limit;
        return [.. Enumerable.Range(0, parts + 1).Select(part => (int)((long)length * part / parts))];
    }

    private static void CutLayer(MatrixShape shape, int layer, DeviceCapabilities capabilities, List<Cut> cuts, ref int block)
    {
        int groupChannels = shape.Channels / shape.Groups;
        int[] rows = Edges(shape.DotLength, capabilities.Rows);
        int[] columns = Edges(groupChannels, capabilities.Columns);
        for (int group = 0; group < shape.Groups; group++)
        {
            for (int r = 0; r + 1 < rows.Length; r++)
            {
                for (int c = 0; c + 1 < columns.Length; c++)
                {
                    cuts.Add(new Cut(
                        layer, block++, group, rows[r], rows[r + 1] - rows[r], group * groupChannels + columns[c], columns[c + 1] - columns[c]));
                }
            }
        }
    }

    private static Dictionary<int, Placement[]> PlaceAll(
        IReadOnlyList<MatrixShape> shapes, DeviceCapabilities capabilities, List<Cut> cuts)
    {
        var packing = new ShelfPacking(capabilities.Rows, capabilities.Columns, capabilities.Tiles);
        var placements = cuts.ToDictionary(cut => cut.Block, cut => new Placement[shapes[cut.Layer].Copies]);
        foreach (Cut cut in cuts.OrderByDescending(cut => cut.Rows).ThenByDescending(cut => cut.Columns).ThenBy(cut => cut.Block))
        {
            for (int copy = 0; copy < placements[cut.Block].Length; copy++)
            {
                placements[cut.Block][copy] = packing.Place(cut.Rows, cut.Columns)
                    ?? throw Shortfall(shapes, cut, capabilities, cuts);
            }
        }

        return placements;
    }

    private static MappingException Shortfall(IReadOnlyList<MatrixShape> shapes, Cut at, DeviceCapabilities capabilities, List<Cut> cuts)
    {
        MatrixShape shape = shapes[at.Layer];
        int tilesNeeded = TilesFor(shapes.Select(each => each.Copies).ToArray());
        int columns = (shape.Channels / shape.Groups + capabilities.Columns - 1) / capabilities.Columns;
        int rows = (shape.DotLength + capabilities.Rows - 1) / capabilities.Rows;
        string blocks = $"{shape.Groups * rows * columns} blocks of up to {(shape.DotLength + rows - 1) / rows} x {(shape.Channels / shape.Groups + columns - 1) / columns}, {shape.Copies} {(shape.Copies == 1 ? "copy" : "copies")} each";
        string remedy = "use a device with more tiles or a smaller network";
        if (shapes.Any(each => each.Copies > 1))
        {
            int fitting = Enumerable.Range(1, shape.Copies)
                .LastOrDefault(copies => TilesFor([.. shapes.Select((each, i) => i == at.Layer ? copies : each.Copies)]) <= capabilities.Tiles);
            remedy = fitting >= 1 && fitting < shape.Copies
                ? $"lower its copies to {fitting} or use time averaging"
                : "lower the copies of several layers or use time averaging";
        }

        return new MappingException(
            shape.Layer,
            $"layer {shape.Layer}: {blocks}, no cells left; the whole network needs {tilesNeeded} tiles of {capabilities.Rows} x {capabilities.Columns}, the device has {capabilities.Tiles}; {remedy}");

        int TilesFor(int[] copies)
        {
            var endless = new ShelfPacking(capabilities.Rows, capabilities.Columns, int.MaxValue);
            foreach (Cut cut in cuts.OrderByDescending(cut => cut.Rows).ThenByDescending(cut => cut.Columns).ThenBy(cut => cut.Block))
            {
                for (int copy = 0; copy < copies[cut.Layer]; copy++)
                {
                    endless.Place(cut.Rows, cut.Columns);
                }
            }

            return endless.TilesUsed;
        }
    }

    private readonly record struct Cut(int Layer, int Block, int Group, int FirstRow, int Rows, int FirstChannel, int Columns);
}
