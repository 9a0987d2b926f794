using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Reading;

/// <summary>Drives whole tiles through the device contract and believes nothing that can be checked: counts, checksum, range, settings.</summary>
internal sealed class ProbeReader(IAnalogDevice device, CalibrationOptions options)
{
    private IReadOnlyList<int> _tiles = [];
    private int _repeats = 1;

    /// <summary>Reads so far, the K reads of an execution counted one by one.</summary>
    public long Reads { get; private set; }

    /// <summary>How many of <see cref="Reads"/> hit the end of the converter's range.</summary>
    public long SaturatedReads { get; private set; }

    /// <summary>Calls repeated after transient faults.</summary>
    public int RepeatedCalls { get; private set; }

    /// <summary>What the device declares.</summary>
    public DeviceCapabilities Capabilities => device.Capabilities;

    /// <summary>Writes the same weights to each tile, block number = tile; K is 1 afterwards.</summary>
    public async Task ProgramAsync(IReadOnlyList<int> tiles, float[] weights, CancellationToken cancellationToken)
    {
        DeviceCapabilities c = device.Capabilities;
        await device.ProgramAsync([.. tiles.Select(tile => new BlockProgram(tile, c.Rows, c.Columns, weights, [new Placement(tile, 0, 0)]))], cancellationToken)
            .ConfigureAwait(false);
        _tiles = tiles;
        _repeats = 1;
    }

    /// <summary>Puts K in force on every programmed tile: stage, read back, compare, commit.</summary>
    public async Task RepeatAsync(int repeats, CancellationToken cancellationToken)
    {
        if (repeats != _repeats)
        {
            await CommitAsync(
                repeats == 1 ? RedundancySettings.Unrepeated : new([.. _tiles.Order().Select(tile => new BlockRedundancy(tile, options.Mode, [repeats]))]),
                cancellationToken).ConfigureAwait(false);
            _repeats = repeats;
        }
    }

    /// <summary>Puts K = 1 in force whatever happened before.</summary>
    public Task ResetAsync(CancellationToken cancellationToken) => CommitAsync(RedundancySettings.Unrepeated, cancellationToken);

    /// <summary>Reads a batch on one tile.</summary>
    /// <param name="tile">A programmed tile.</param>
    /// <param name="vectors">1 .. MaxVectors.</param>
    /// <param name="inputs">[vectors x Rows].</param>
    /// <param name="outputs">[vectors x Columns], filled.</param>
    /// <param name="cancellationToken">Honoured before every call.</param>
    public async Task ReadAsync(int tile, int vectors, ReadOnlyMemory<float> inputs, Memory<float> outputs, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                ExecuteReply reply = await device.ExecuteAsync(new ExecuteRequest(tile, vectors, inputs, outputs), cancellationToken).ConfigureAwait(false);
                Check(tile, vectors, reply, outputs.Span);
                Reads += reply.Reads;
                SaturatedReads += reply.SaturatedReads;
                return;
            }
            catch (DeviceException fault) when (fault.IsTransient && attempt < options.TransientRetries)
            {
                RepeatedCalls++;
            }
        }
    }

    private void Check(int tile, int vectors, ExecuteReply reply, ReadOnlySpan<float> outputs)
    {
        long expected = (long)vectors * Capabilities.Columns * _repeats;
        if (reply.Reads != expected || reply.SaturatedReads < 0 || reply.SaturatedReads > reply.Reads)
        {
            throw new DeviceException(
                DeviceFault.Contradiction,
                $"tile {tile}: {vectors} vectors x {Capabilities.Columns} columns x K {_repeats} ask for {expected} reads, the device reports {reply.Reads} "
                + $"({reply.SaturatedReads} saturated); it does not run the settings that were committed: reset it and compare its firmware");
        }

        uint checksum = ReplyChecksum.Of(outputs);
        if (checksum != reply.Checksum)
        {
            throw new DeviceException(DeviceFault.CorruptReply, $"tile {tile}: the reply's checksum is {reply.Checksum:x8}, its values give {checksum:x8}; "
                + "check the link");
        }

        double limit = Capabilities.AdcBits == 0 ? double.MaxValue : Capabilities.AdcFullScale * (1 + 1e-6);
        foreach (float value in outputs)
        {
            if (!(Math.Abs(value) <= limit))
            {
                throw new DeviceException(DeviceFault.CorruptReply, $"tile {tile}: a read of {value} is outside the converter's range of +-{limit}; "
                    + "check the link");
            }
        }
    }

    private async Task CommitAsync(RedundancySettings settings, CancellationToken cancellationToken)
    {
        string hash = settings.Hash();
        await device.StageAsync(settings, cancellationToken).ConfigureAwait(false);
        await CompareAsync(SettingsBank.Staged).ConfigureAwait(false);
        await device.CommitAsync(hash, cancellationToken).ConfigureAwait(false);
        await CompareAsync(SettingsBank.Active).ConfigureAwait(false);

        async Task CompareAsync(SettingsBank bank)
        {
            string found = (await device.ReadBackAsync(bank, cancellationToken).ConfigureAwait(false)).Hash();
            if (found != hash)
            {
                throw new DeviceException(
                    DeviceFault.Contradiction,
                    $"redundancy settings read back from the {bank} bank have hash {found}, {hash} was written; the device does not keep its settings: "
                        + "reset it");
            }
        }
    }
}
