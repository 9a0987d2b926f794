using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Guarding;
using AnalogHil.Devices.Serial.Driver;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Devices.Serial.Benches;

/// <summary>Opens what the bench file of a serial device describes.</summary>
public static class SerialBenchOpening
{
    /// <summary>Opens the device's terminal, or starts the program that emulates the device and opens the terminal that it prints.</summary>
    /// <exception cref="DeviceException"><see cref="DeviceFault.Disconnected"/>: no such terminal or program; the message says what to do.</exception>
    public static async Task<ISerialTransport> OpenLineAsync(SerialBench bench, TimeProvider time, CancellationToken cancellationToken) =>
        bench.Launch is { } launch
            ? await LaunchedLine.StartAsync(LaunchedProgramFiles.Locate(launch, bench.Path), bench.Baud, time, cancellationToken).ConfigureAwait(false)
            : TermiosPort.Open(bench.Port!, bench.Baud);

    /// <summary>
    /// Opens the device: safe, identified, guarded, of the architecture and with the watchdog that the bench asks for. When its line is gone, identifying it
    /// opens the line again, or starts the program again.
    /// </summary>
    /// <param name="bench">The bench.</param>
    /// <param name="time">Clock of deadlines.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="DeviceException">No such device, no answer, another build (both are named), another architecture, or too slow a watchdog.</exception>
    public static async Task<IAnalogDevice> OpenAsync(SerialBench bench, TimeProvider time, CancellationToken cancellationToken)
    {
        var options = new SerialDeviceOptions { Deadline = bench.Guard.Deadline, Baud = bench.Baud };
        SerialDevice device = await SerialDevice.OpenAsync(
            token => OpenLineAsync(bench, time, token), options, time, cancellationToken).ConfigureAwait(false);
        var guarded = new GuardedDevice(device, bench.Guard, time);
        try
        {
            DeviceIdentity identity = await guarded.IdentifyAsync(cancellationToken).ConfigureAwait(false);
            if (identity.Architecture != bench.Architecture)
            {
                throw new DeviceException(
                    DeviceFault.Contradiction,
                    $"{identity.Uid} is a {identity.Architecture}, bench {bench.Name} is for a {bench.Architecture}; correct the bench file or the port");
            }

            if (device.Watchdog > bench.LongestWatchdog)
            {
                throw new DeviceException(
                    DeviceFault.Contradiction,
                    $"{identity.Uid} makes itself safe after {device.Watchdog.TotalMilliseconds} ms without its host, bench {bench.Name} allows "
                        + $"{bench.LongestWatchdog.TotalMilliseconds} ms; change the firmware, or watchdogMilliseconds");
            }
        }
        catch
        {
            await guarded.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return guarded;
    }
}
