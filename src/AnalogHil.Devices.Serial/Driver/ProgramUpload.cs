using System.Buffers.Binary;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Framing;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>Writes blocks: the whole table first, which the device checks with its old program still in force, then the weights.</summary>
internal static class ProgramUpload
{
    /// <summary>Replaces all blocks.</summary>
    public static async Task RunAsync(DeviceSession session, IReadOnlyList<BlockProgram> blocks, CancellationToken cancellationToken)
    {
        foreach (BlockProgram block in blocks)
        {
            Verify(block);
        }

        var pipeline = new CommandPipeline(session, WireChannel.Bulk, cancellationToken);
        try
        {
            await ProposeAsync(pipeline, blocks).ConfigureAwait(false);
        }
        catch (DeviceException refused) when (refused.Fault is DeviceFault.InvalidRequest or DeviceFault.NotArmed or DeviceFault.Fenced)
        {
            throw new DeviceException(refused.Fault, refused.Message, refused) { ChangedNothing = true };
        }

        // Only now, with every block accepted, is the old program given up.
        try
        {
            await WriteAsync(session, pipeline, blocks).ConfigureAwait(false);
        }
        catch (DeviceException refused) when (refused.Fault == DeviceFault.InvalidRequest)
        {
            throw new DeviceException(
                DeviceFault.Contradiction,
                $"the device accepted the blocks and refused their weights: {refused.Message}; the old program is gone, program again",
                refused);
        }
    }

    private static async Task ProposeAsync(CommandPipeline pipeline, IReadOnlyList<BlockProgram> blocks)
    {
        byte[] begin = new byte[WireProgramBegin.Size];
        new WireProgramBegin((uint)blocks.Count).Write(begin);
        await pipeline.SendAsync(WireOpcode.ProgramBegin, begin).ConfigureAwait(false);
        foreach (BlockProgram block in blocks)
        {
            await pipeline.SendAsync(WireOpcode.ProgramBlock, Describe(block)).ConfigureAwait(false);
        }

        await pipeline.WaitAsync().ConfigureAwait(false);
    }

    private static async Task WriteAsync(DeviceSession session, CommandPipeline pipeline, IReadOnlyList<BlockProgram> blocks)
    {
        await pipeline.SendAsync(WireOpcode.ProgramOpen, default).ConfigureAwait(false);
        uint checksum = ~FrameChecksum.StandardSeed;
        int most = (session.MaxBody - WireProgramWeights.Size) / sizeof(float);
        foreach (BlockProgram block in blocks)
        {
            for (int first = 0; first < block.Weights.Length; first += most)
            {
                byte[] body = Weights(block, first, Math.Min(most, block.Weights.Length - first));

                // Complemented in between: each piece goes on where the one before ended.
                checksum = FrameChecksum.Of(~checksum, body.AsSpan(WireProgramWeights.Size));
                await pipeline.SendAsync(WireOpcode.ProgramWeights, body).ConfigureAwait(false);
            }
        }

        byte[] end = new byte[WireProgramEnd.Size];
        new WireProgramEnd(checksum).Write(end);
        await pipeline.SendAsync(WireOpcode.ProgramEnd, end).ConfigureAwait(false);
        await pipeline.WaitAsync().ConfigureAwait(false);
    }

    private static byte[] Describe(BlockProgram block)
    {
        byte[] body = new byte[WireProgramBlock.Size + block.Copies.Length * WirePlacement.Size];
        new WireProgramBlock(block.Block, (ushort)block.Rows, (ushort)block.Columns, (uint)block.Copies.Length).Write(body);
        for (int copy = 0; copy < block.Copies.Length; copy++)
        {
            Placement at = block.Copies[copy];
            new WirePlacement((ushort)at.Tile, (ushort)at.Row, (ushort)at.Column, 0).Write(body.AsSpan(WireProgramBlock.Size + copy * WirePlacement.Size));
        }

        return body;
    }

    private static byte[] Weights(BlockProgram block, int first, int count)
    {
        byte[] body = new byte[WireProgramWeights.Size + count * sizeof(float)];
        new WireProgramWeights(block.Block, (uint)first).Write(body);
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(body.AsSpan(WireProgramWeights.Size + i * sizeof(float)), block.Weights.Span[first + i]);
        }

        return body;
    }

    // What the wire cannot carry, or what the device would find only after the old program is gone; everything else the device checks itself.
    private static void Verify(BlockProgram block)
    {
        if (block.Rows is < 1 or > ushort.MaxValue || block.Columns is < 1 or > ushort.MaxValue || block.Weights.Length != block.Rows * block.Columns)
        {
            throw Invalid($"block {block.Block} of {block.Rows} x {block.Columns} brings {block.Weights.Length} weights; give rows x columns of them");
        }

        if (block.Copies.IsDefaultOrEmpty || block.Copies.Length > 32)
        {
            throw Invalid($"block {block.Block} has {(block.Copies.IsDefault ? 0 : block.Copies.Length)} copies, the wire carries 1 to 32; "
                + "change the number of copies");
        }

        foreach (Placement at in block.Copies)
        {
            if (at.Tile is < 0 or > ushort.MaxValue || at.Row is < 0 or > ushort.MaxValue || at.Column is < 0 or > ushort.MaxValue)
            {
                throw Invalid($"block {block.Block} at tile {at.Tile} row {at.Row} column {at.Column} lies outside every device; place it inside");
            }
        }

        ReadOnlySpan<float> weights = block.Weights.Span;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(Math.Abs(weights[i]) <= 1))
            {
                throw Invalid(
                    $"block {block.Block} row {i / block.Columns} column {i % block.Columns}: weight {weights[i]} is outside [-1, 1]; divide by "
                        + "the channel's full scale");
            }
        }
    }

    private static DeviceException Invalid(string message) => new(DeviceFault.InvalidRequest, message);
}
