using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Hosting.Health;
using AnalogHil.Daemon.Hosting.Supervision;
using AnalogHil.Daemon.Telemetry.Streaming;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Telemetry.Devices;

/// <summary>Puts an eye on devices as they are opened.</summary>
internal sealed class DeviceObserver(
    TelemetryHub hub, DaemonMeter meter, BenchEvidence evidence, OpeningGates gates, ProgressBoard board, TimeProvider time)
{
    /// <summary>
    /// Opens the device of a bench for somebody who uses it, seen by telemetry, metrics, health and watchdog. A probe that has it open is ended
    /// first. Nothing is asked of the device that its user did not ask for.
    /// </summary>
    /// <param name="path">Bench file.</param>
    /// <param name="bench">The bench.</param>
    /// <param name="noiseSeed">Seed of the noise of a simulated device.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DeviceException">It cannot be opened.</exception>
    public async ValueTask<IAnalogDevice> OpenAsync(string path, IBench bench, ulong noiseSeed, CancellationToken cancellationToken)
    {
        using IDisposable opening = await gates.EnterAsync(path, cancellationToken).ConfigureAwait(false);
        BenchStanding standing = evidence.Of(path);
        try
        {
            IAnalogDevice device = await bench.OpenAsync(noiseSeed, cancellationToken).ConfigureAwait(false);
            standing.Worked();
            return new ObservedDevice(device, standing.Bench, hub, meter, standing, board, time);
        }
        catch (DeviceException failure)
        {
            standing.Failed(failure.Message);
            throw;
        }
    }
}
