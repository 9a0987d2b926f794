using System.Buffers.Binary;
using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Driver;

/// <summary>Redundancy settings to the staged bank and back.</summary>
internal static class SettingsTransfer
{
    /// <summary>Stages; the device compares its own hash with ours.</summary>
    public static async Task StageAsync(DeviceSession session, RedundancySettings settings, CancellationToken cancellationToken)
    {
        foreach (BlockRedundancy block in settings.Blocks)
        {
            Verify(block);
        }

        var pipeline = new CommandPipeline(session, WireChannel.Bulk, cancellationToken);
        byte[] begin = new byte[WireStageBegin.Size];
        new WireStageBegin((uint)settings.Blocks.Length).Write(begin);
        await pipeline.SendAsync(WireOpcode.StageBegin, begin).ConfigureAwait(false);
        int most = (session.MaxBody - WireStageRepeats.Size) / sizeof(ushort);
        foreach (BlockRedundancy block in settings.Blocks.OrderBy(block => block.Block))
        {
            for (int first = 0; first < block.Repeats.Length; first += most)
            {
                int count = Math.Min(most, block.Repeats.Length - first);
                byte[] body = new byte[WireStageRepeats.Size + count * sizeof(ushort)];
                new WireStageRepeats(block.Block, (WireMode)block.Mode, 0, (ushort)block.Repeats.Length, (ushort)first, (ushort)count).Write(body);
                for (int i = 0; i < count; i++)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(WireStageRepeats.Size + i * sizeof(ushort)), (ushort)block.Repeats[first + i]);
                }

                await pipeline.SendAsync(WireOpcode.StageRepeats, body).ConfigureAwait(false);
            }
        }

        await pipeline.SendAsync(WireOpcode.StageEnd, HashBody(settings.Hash())).ConfigureAwait(false);
        await pipeline.WaitAsync().ConfigureAwait(false);
    }

    /// <summary>Reads a bank back.</summary>
    public static async Task<RedundancySettings> ReadBackAsync(DeviceSession session, SettingsBank bank, CancellationToken cancellationToken)
    {
        ImmutableArray<BlockRedundancy>.Builder blocks = ImmutableArray.CreateBuilder<BlockRedundancy>();
        var repeats = new List<int>();
        while (true)
        {
            byte[] ask = new byte[WireReadSettings.Size];
            new WireReadSettings(bank == SettingsBank.Active ? WireBank.Active : WireBank.Staged, 0, (ushort)blocks.Count, (ushort)repeats.Count, 0).Write(ask);
            ReadOnlyMemory<byte> reply = await session.SendAsync(WireOpcode.ReadSettings, ask, cancellationToken).ConfigureAwait(false);
            var entry = WireSettingsEntry.Read(reply.Span);
            for (int i = 0; i < entry.Entries; i++)
            {
                repeats.Add(BinaryPrimitives.ReadUInt16LittleEndian(reply.Span[(WireSettingsEntry.Size + i * sizeof(ushort))..]));
            }

            if (entry.Blocks > 0 && repeats.Count < entry.Count && entry.Entries > 0)
            {
                continue;
            }

            if (entry.Blocks > 0)
            {
                blocks.Add(new BlockRedundancy(entry.Block, (RedundancyMode)entry.Mode, [.. repeats]));
                repeats.Clear();
            }

            if (blocks.Count >= entry.Blocks)
            {
                return new RedundancySettings(blocks.ToImmutable());
            }
        }
    }

    /// <summary>Body of the commands that name a hash.</summary>
    /// <exception cref="DeviceException"><see cref="DeviceFault.Contradiction"/>: no SHA-256.</exception>
    public static byte[] HashBody(string hash)
    {
        byte[] body = new byte[WireSettingsHash.Size];
        try
        {
            new WireSettingsHash(hash).Write(body);
        }
        catch (ArgumentException error)
        {
            throw new DeviceException(DeviceFault.Contradiction, $"\"{hash}\" is no hash of settings; use the one that staging gave", error);
        }

        return body;
    }

    private static void Verify(BlockRedundancy block)
    {
        if (block.Repeats.IsDefaultOrEmpty || block.Repeats.Length > ushort.MaxValue || block.Repeats.Any(k => k is < 1 or > ushort.MaxValue))
        {
            throw new DeviceException(
                DeviceFault.InvalidRequest, $"block {block.Block}: repeats must be 1, or one per column, each in 1 to {ushort.MaxValue}; change K");
        }
    }
}
