using AnalogHil.Calibration.Archive;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Acquisition;

/// <summary>
/// Makes planned reads and hands them to an archive; estimates nothing. A tile that fails for good is named and the others are read on; a device that
/// reboots or disconnects ends the acquisition, and what was read stays in the archive.
/// </summary>
/// <remarks>Values that are not numbers are archived as they came, for the fit to name their columns. The redundancy in force is K = 1 afterwards.</remarks>
/// <param name="device">Opened and armed.</param>
/// <param name="options">How reads are made.</param>
/// <param name="archive">Where they go.</param>
public sealed class Acquirer(IAnalogDevice device, AcquisitionOptions options, IDescribedReadArchive archive)
{
    private float[]? _written;
    private int[] _writtenTiles = [];
    private int _writtenRepeats = 1;

    /// <summary>Calls repeated after transient faults.</summary>
    public int RepeatedCalls { get; private set; }

    /// <summary>Reads made, the K reads of an execution counted one by one.</summary>
    public long Reads { get; private set; }

    /// <summary>Makes the reads of a plan.</summary>
    /// <param name="plan">Series in the order to be read.</param>
    /// <param name="there">Vectors of a series on a tile that the archive already holds; null for none.</param>
    /// <param name="cancellationToken">Honoured before every call.</param>
    /// <returns>Tiles given up, with reasons; empty when everything was read.</returns>
    /// <exception cref="DeviceException">The device rebooted, disconnected, was fenced off or contradicts itself.</exception>
    public async Task<IReadOnlyList<TileFault>> RunAsync(
        IReadOnlyList<PlannedSeries> plan, Func<string, int, int>? there, CancellationToken cancellationToken)
    {
        var faults = new List<TileFault>();
        string boot = (await device.IdentifyAsync(cancellationToken).ConfigureAwait(false)).BootId;
        foreach (PlannedSeries series in plan)
        {
            (int Tile, int Left)[] tiles =
            [
                .. series.Tiles.Select(tile => (tile, series.VectorsPerTile - (there?.Invoke(series.Name, tile) ?? 0)))
                    .Where(pair => pair.Item2 > 0 && !faults.Exists(fault => fault.Tile == pair.tile)),
            ];
            if (tiles.Length == 0)
            {
                continue;
            }

            if (!(series.KeepsWeights && ReferenceEquals(series.Pattern.Weights, _written) && series.Repeats == _writtenRepeats
                && tiles.All(pair => _writtenTiles.Contains(pair.Tile))))
            {
                await ProgramAsync(series, tiles, cancellationToken).ConfigureAwait(false);
            }

            foreach ((int tile, int left) in tiles)
            {
                if (await ReadTileAsync(series, tile, left, boot, cancellationToken).ConfigureAwait(false) is { } fault)
                {
                    faults.Add(fault);
                }
            }
        }

        await CommitAsync(RedundancySettings.Unrepeated, cancellationToken).ConfigureAwait(false);
        _writtenRepeats = 1;
        await RequireSameBootAsync(boot, null, cancellationToken).ConfigureAwait(false);
        return faults;
    }

    private async Task RequireSameBootAsync(string boot, Exception? cause, CancellationToken cancellationToken)
    {
        string now = (await device.IdentifyAsync(cancellationToken).ConfigureAwait(false)).BootId;
        if (now != boot)
        {
            throw new DeviceException(
                DeviceFault.Rebooted, $"the device rebooted during the reads (boot {boot}, now {now}); its columns before and after differ: "
                    + "archive again into a new folder", cause);
        }
    }

    private async Task ProgramAsync(PlannedSeries series, (int Tile, int Left)[] tiles, CancellationToken cancellationToken)
    {
        DeviceCapabilities c = device.Capabilities;
        _written = null;
        await device.ProgramAsync(
            [.. tiles.Select(pair => new BlockProgram(pair.Tile, c.Rows, c.Columns, series.Pattern.Weights, [new Placement(pair.Tile, 0, 0)]))],
                cancellationToken).ConfigureAwait(false);
        if (series.Repeats > 1)
        {
            await CommitAsync(new([.. tiles.Select(pair => pair.Tile).Order().Select(tile => new BlockRedundancy(tile, series.Mode, [series.Repeats]))]),
                cancellationToken).ConfigureAwait(false);
        }

        (_written, _writtenTiles, _writtenRepeats) = (series.Pattern.Weights, [.. tiles.Select(pair => pair.Tile)], series.Repeats);
    }

    private async Task<TileFault?> ReadTileAsync(PlannedSeries series, int tile, int vectors, string boot, CancellationToken cancellationToken)
    {
        DeviceCapabilities c = device.Capabilities;
        int most = Math.Min(options.VectorsPerCall, c.MaxVectors);
        int calls = (vectors + most - 1) / most;
        float[] inputs = new float[most * c.Rows];
        for (int v = 0; v < most; v++)
        {
            series.Pattern.Inputs.CopyTo(inputs.AsSpan(v * c.Rows));
        }

        float[] outputs = new float[most * c.Columns];
        var description = new SeriesDescription(series.Name, series.Pattern.Name, series.Pattern.Conditions, series.Repeats, series.Mode, c.Columns);
        int done = 0;
        for (int call = 0; call < calls; call++)
        {
            int size = (int)((call + 1L) * vectors / calls - (long)call * vectors / calls);
            try
            {
                double? seconds = options.Timed ? (await device.ReadTelemetryAsync(cancellationToken).ConfigureAwait(false)).Uptime.TotalSeconds : null;
                ExecuteReply reply = await ReadAsync(tile, series.Repeats, size, inputs, outputs, cancellationToken).ConfigureAwait(false);
                archive.Append(description, tile, outputs.AsSpan(0, size * c.Columns), size, reply.SaturatedReads, seconds);
                done += size;
            }
            catch (DeviceException fault) when (fault.IsTransient || fault.Fault == DeviceFault.Saturated)
            {
                return new TileFault(tile, series.Name, vectors - done, fault.Fault, fault.Message);
            }
            catch (DeviceException fault) when (fault.Fault is DeviceFault.NotArmed or DeviceFault.InvalidRequest)
            {
                // What was programmed and armed a call ago is not any more: a reboot looks like that from here.
                await RequireSameBootAsync(boot, fault, cancellationToken).ConfigureAwait(false);
                throw;
            }
        }

        return null;
    }

    private async Task<ExecuteReply> ReadAsync(int tile, int repeats, int vectors, float[] inputs, float[] outputs, CancellationToken cancellationToken)
    {
        DeviceCapabilities c = device.Capabilities;
        for (int attempt = 0; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                ExecuteReply reply = await device.ExecuteAsync(
                    new ExecuteRequest(tile, vectors, inputs.AsMemory(0, vectors * c.Rows), outputs.AsMemory(0, vectors * c.Columns)),
                        cancellationToken).ConfigureAwait(false);
                long expected = (long)vectors * c.Columns * repeats;
                if (reply.Reads != expected)
                {
                    throw new DeviceException(
                        DeviceFault.Contradiction, $"tile {tile}: {expected} reads were asked for, the device reports {reply.Reads}; "
                            + "it does not run the settings that were committed: reset it");
                }

                if (ReplyChecksum.Of(outputs.AsSpan(0, vectors * c.Columns)) != reply.Checksum)
                {
                    throw new DeviceException(DeviceFault.CorruptReply, $"tile {tile}: the reply's checksum does not fit its values; check the link");
                }

                Reads += reply.Reads;
                return reply;
            }
            catch (DeviceException fault) when (fault.IsTransient && attempt < options.TransientRetries)
            {
                RepeatedCalls++;
            }
        }
    }

    private async Task CommitAsync(RedundancySettings settings, CancellationToken cancellationToken)
    {
        await device.StageAsync(settings, cancellationToken).ConfigureAwait(false);
        await device.CommitAsync(settings.Hash(), cancellationToken).ConfigureAwait(false);
        string found = (await device.ReadBackAsync(SettingsBank.Active, cancellationToken).ConfigureAwait(false)).Hash();
        if (found != settings.Hash())
        {
            throw new DeviceException(DeviceFault.Contradiction, $"settings in force have hash {found}, {settings.Hash()} was committed; "
                + "the device does not keep its settings: reset it");
        }
    }
}
