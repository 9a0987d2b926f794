using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Diagnostics;
using AnalogHil.Devices.Serial.Faults;
using AnalogHil.Devices.Serial.Transport;

namespace AnalogHil.Daemon.Benches;

/// <summary>Tests the line of a port or of a bench, on this machine and without a campaign.</summary>
internal static class LinkTesting
{
    /// <summary>Opens the line and tests it.</summary>
    /// <param name="place">Path of a terminal under /dev, or of the bench file of a serial device.</param>
    /// <param name="baud">Rate of a terminal; a bench has its own.</param>
    /// <param name="chaos">Seed of faults to put in; null for none.</param>
    /// <param name="commands">Echoes of full frames.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops the test.</param>
    /// <exception cref="CampaignException">BenchInvalid, DeviceUnavailable or DeviceFault.</exception>
    public static async Task<LinkTestReport> RunAsync(
        string place, int baud, ulong? chaos, int commands, TimeProvider time, CancellationToken cancellationToken)
    {
        SerialBench? bench = SerialLines.BenchOf(place);
        try
        {
            ISerialTransport line = await SerialLines.OpenAsync(place, bench, baud, time, cancellationToken).ConfigureAwait(false);
            var options = new LinkTestOptions
            {
                Baud = bench?.Baud ?? baud,
                Bulk = commands,
                OneWay = (commands + 1) / 2,

                // Only a device that was started from here can be reset from here.
                Faults = chaos is null ? null : line is IRebootableTransport ? LineFaults.MixedWithReboots : LineFaults.Mixed,
                Seed = chaos ?? 1,
            };
            return await LinkTest.RunAsync(line, options, time, cancellationToken).ConfigureAwait(false);
        }
        catch (DeviceException failure)
        {
            throw SerialLines.Explain(failure);
        }
    }
}
