using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Transients;

/// <summary>Reads one design point again and again under one programming at given times of the device's clock: the reads behind warm-up and drift.</summary>
/// <param name="device">Opened and armed.</param>
/// <param name="archive">Where reads go.</param>
/// <param name="wait">Waits so long; a pause on the host's clock for hardware.</param>
public sealed class TimedAcquisition(IAnalogDevice device, IDescribedReadArchive archive, Func<TimeSpan, CancellationToken, Task> wait)
{
    /// <summary>Reads.</summary>
    /// <param name="series">What, with the executions of one call.</param>
    /// <param name="seconds">Times since the device's boot, ascending; those past are read at once.</param>
    /// <param name="cancellationToken">Honoured before every call and in pauses.</param>
    /// <returns>Tiles given up, with reasons.</returns>
    /// <exception cref="DeviceException">The device rebooted, disconnected or contradicts itself.</exception>
    public async Task<IReadOnlyList<TileFault>> RunAsync(PlannedSeries series, IReadOnlyList<double> seconds, CancellationToken cancellationToken)
    {
        int vectors = Math.Min(series.VectorsPerTile, device.Capabilities.MaxVectors);
        var acquirer = new Acquirer(device, new AcquisitionOptions { Timed = true, VectorsPerCall = vectors }, archive);
        var faults = new List<TileFault>();
        foreach (double at in seconds)
        {
            double now = (await device.ReadTelemetryAsync(cancellationToken).ConfigureAwait(false)).Uptime.TotalSeconds;
            if (at > now)
            {
                await wait(TimeSpan.FromSeconds(at - now), cancellationToken).ConfigureAwait(false);
            }

            PlannedSeries left = series with { KeepsWeights = true, Tiles = [.. series.Tiles.Where(tile => !faults.Exists(fault => fault.Tile == tile))] };
            faults.AddRange(await acquirer.RunAsync([left], null, cancellationToken).ConfigureAwait(false));
        }

        return faults;
    }
}
