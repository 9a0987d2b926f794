using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Simulation;

/// <summary>What is refused before a single cell is written.</summary>
internal static class ProgramCheck
{
    /// <summary>Throws <see cref="DeviceFault.InvalidRequest"/> at the first block that does not fit.</summary>
    public static void Verify(IReadOnlyList<BlockProgram> blocks, DeviceCapabilities capabilities)
    {
        var seen = new HashSet<int>();
        var occupied = new Dictionary<int, List<(BlockProgram Block, Placement At)>>();
        int mostCopies = capabilities.MaxRepeats.GetValueOrDefault(RedundancyMode.SpatialCopies, 1);
        foreach (BlockProgram block in blocks)
        {
            if (!seen.Add(block.Block))
            {
                throw Invalid($"block {block.Block} is given twice; number every block once");
            }

            if (block.Rows < 1 || block.Rows > capabilities.Rows || block.Columns < 1 || block.Columns > capabilities.Columns)
            {
                throw Invalid(
                    $"block {block.Block} is {block.Rows} x {block.Columns}, a tile is {capabilities.Rows} x {capabilities.Columns}; cut it into smaller blocks");
            }

            if (block.Copies.IsDefaultOrEmpty || block.Copies.Length > mostCopies)
            {
                throw Invalid(
                    $"block {block.Block} has {(block.Copies.IsDefault ? 0 : block.Copies.Length)} copies, allowed are 1 to {mostCopies}; change the number of copies");
            }

            VerifyWeights(block);
            foreach (Placement at in block.Copies)
            {
                VerifyPlacement(block, at, capabilities, occupied);
            }
        }
    }

    private static void VerifyWeights(BlockProgram block)
    {
        ReadOnlySpan<float> weights = block.Weights.Span;
        if (weights.Length != block.Rows * block.Columns)
        {
            throw Invalid($"block {block.Block} brings {weights.Length} weights, {block.Rows} x {block.Columns} are needed");
        }

        for (int i = 0; i < weights.Length; i++)
        {
            if (!(Math.Abs(weights[i]) <= 1))
            {
                throw Invalid(
                    $"block {block.Block} row {i / block.Columns} column {i % block.Columns}: weight {weights[i]} is outside [-1, 1]; divide by the channel's full scale");
            }
        }
    }

    private static void VerifyPlacement(
        BlockProgram block, Placement at, DeviceCapabilities capabilities, Dictionary<int, List<(BlockProgram Block, Placement At)>> occupied)
    {
        if (at.Tile < 0 || at.Tile >= capabilities.Tiles || at.Row < 0 || at.Column < 0
            || at.Row + block.Rows > capabilities.Rows || at.Column + block.Columns > capabilities.Columns)
        {
            throw Invalid(
                $"block {block.Block} of {block.Rows} x {block.Columns} at tile {at.Tile} row {at.Row} column {at.Column} leaves the device of {capabilities.Tiles} tiles of {capabilities.Rows} x {capabilities.Columns}; place it inside");
        }

        if (!occupied.TryGetValue(at.Tile, out List<(BlockProgram Block, Placement At)>? others))
        {
            occupied[at.Tile] = others = [];
        }

        foreach ((BlockProgram other, Placement there) in others)
        {
            bool apart = at.Row >= there.Row + other.Rows || there.Row >= at.Row + block.Rows
                || at.Column >= there.Column + other.Columns || there.Column >= at.Column + block.Columns;
            if (!apart)
            {
                throw Invalid($"block {block.Block} and block {other.Block} share cells of tile {at.Tile}; place them apart");
            }
        }

        others.Add((block, at));
    }

    private static DeviceException Invalid(string message) => new(DeviceFault.InvalidRequest, message);
}
