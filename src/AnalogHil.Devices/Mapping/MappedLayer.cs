using System.Collections.Immutable;

namespace AnalogHil.Devices.Mapping;

/// <summary>A layer on the device. All channels are cut at the same row positions, so that receiver noise is the same for each.</summary>
/// <param name="Shape">The layer's matrix.</param>
/// <param name="RowStarts">B + 1 ascending cut positions of the dot product, first 0, last N; B blocks add up digitally.</param>
/// <param name="Blocks">Its blocks; those of one group and row range are neighbours in channel order.</param>
public sealed record MappedLayer(MatrixShape Shape, ImmutableArray<int> RowStarts, ImmutableArray<MappedBlock> Blocks)
{
    /// <summary>B: tile reads that add up to one dot product.</summary>
    public int RowBlocks => RowStarts.Length - 1;
}
