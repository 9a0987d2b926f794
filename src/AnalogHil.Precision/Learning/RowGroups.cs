using AnalogHil.Core.Plans;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Learning;

/// <summary>Row groups of a network: the parts of a dot product that a device reads tile by tile, each with a K of its own, and adds up digitally.</summary>
public static class RowGroups
{
    /// <summary>Cuts of each product on tiles of so many rows, as the mapper makes them.</summary>
    /// <param name="nodes">The analog products.</param>
    /// <param name="tileRows">Rows of a tile, at least 1.</param>
    /// <returns>[layer] ascending cut positions, first 0, last N.</returns>
    public static int[][] On(IEnumerable<AnalogNode> nodes, int tileRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tileRows, 1);
        return [.. nodes.Select(node => TileMapper.Edges(node.DotLength, tileRows))];
    }

    /// <exception cref="PrecisionException">Row groups are asked for, and there are none to tell apart.</exception>
    internal static void Check(IReadOnlyList<AnalogNode> nodes, Granularity granularity, RedundancyMode mode, int[][]? rows)
    {
        if (granularity != Granularity.Rows)
        {
            return;
        }

        if (rows is null || rows.Length != nodes.Count)
        {
            throw Misfit(
                $"energies per row group are asked for, and cuts of {rows?.Length ?? 0} products are given where the network has {nodes.Count}; "
                    + "give those of each, by the rows of a tile");
        }

        if (mode == RedundancyMode.SpatialCopies)
        {
            throw Misfit("energies per row group are asked for in copies in space, and those are made of whole layers; repeat in time, or learn per layer");
        }

        if (rows.All(cuts => cuts.Length == 2))
        {
            throw Misfit(
                $"every product fits into the rows of one tile (the longest has {nodes.Max(node => node.DotLength)}), so that a row group is "
                    + "the whole layer; learn per layer or per channel");
        }
    }

    /// <exception cref="PrecisionException">Energies and noise are not cut alike.</exception>
    internal static void RequireNoise(PlanLayout layout, INoiseModel noise)
    {
        if ((layout.Granularity == Granularity.Rows) != noise is RowGroupNoise && (layout.Granularity != Granularity.Layer || noise is not RowGroupNoise))
        {
            throw Misfit(
                $"energies are learned per {layout.Granularity}, and the noise is {noise.GetType().Name}: energies per row group need {nameof(RowGroupNoise)}, "
                    + "and others another; give noise of the same parts");
        }

        if (noise is RowGroupNoise rows && layout.Granularity == Granularity.Rows)
        {
            for (int layer = 0; layer < layout.Layers; layer++)
            {
                if (rows.GroupsOf(layer) != layout.EntriesOf(layer))
                {
                    throw Misfit($"layer {layer} has {layout.EntriesOf(layer)} row groups in the plan and {rows.GroupsOf(layer)} in the noise; cut both alike");
                }
            }
        }
    }

    private static PrecisionException Misfit(string message) => new(PrecisionFault.PlanDoesNotFit, message);
}
