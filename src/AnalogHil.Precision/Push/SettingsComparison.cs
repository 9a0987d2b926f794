using AnalogHil.Devices.Contract;
using AnalogHil.Precision.Mapping;

namespace AnalogHil.Precision.Push;

/// <summary>Finds what differs between the settings that were told and those that were read back.</summary>
internal static class SettingsComparison
{
    /// <summary>The first difference, for a person; null when there is none.</summary>
    public static string? FirstDifference(RedundancySettings told, RedundancySettings read, NetworkOnDevice network)
    {
        var readBlocks = read.Blocks.ToLookup(block => block.Block);
        foreach (BlockRedundancy expected in told.Blocks)
        {
            BlockRedundancy[] found = [.. readBlocks[expected.Block]];
            string where = $"layer {network.LayerOf(expected.Block)}, block {expected.Block}";
            if (found.Length != 1)
            {
                return $"{where}: {(found.Length == 0 ? "missing" : $"there {found.Length} times")} where K = {Show(expected)} was told";
            }

            if (found[0].Mode != expected.Mode)
            {
                return $"{where}: {found[0].Mode} was read back where {expected.Mode} was told";
            }

            if (!found[0].Repeats.AsSpan().SequenceEqual(expected.Repeats.AsSpan()))
            {
                return $"{where}: K = {Show(found[0])} was read back where K = {Show(expected)} was told";
            }
        }

        var toldBlocks = told.Blocks.Select(block => block.Block).ToHashSet();
        BlockRedundancy? extra = read.Blocks.FirstOrDefault(block => !toldBlocks.Contains(block.Block));
        return extra is null ? null : $"layer {network.LayerOf(extra.Block)}, block {extra.Block}: K = {Show(extra)} was read back where nothing was told";
    }

    private static string Show(BlockRedundancy block) => string.Join(",", block.Repeats);
}
