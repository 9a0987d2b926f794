using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Benches;
using AnalogHil.Devices.Serial.Diagnostics;
using AnalogHil.Devices.Serial.Faults;
using AnalogHil.Devices.Serial.Transport;
using AnalogHil.V1;

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
        SerialBench? bench = place.StartsWith("/dev/", StringComparison.Ordinal) ? null : Read(place);
        try
        {
            ISerialTransport line = bench is null
                ? TermiosPort.Open(place, baud)
                : await SerialBenchOpening.OpenLineAsync(bench, time, cancellationToken).ConfigureAwait(false);
            var options = new LinkTestOptions
            {
                Baud = bench?.Baud ?? baud,
                Bulk = commands,
                Faults = chaos is null ? null : LineFaults.Mixed,
                Seed = chaos ?? 1,
            };
            return await LinkTest.RunAsync(line, options, time, cancellationToken).ConfigureAwait(false);
        }
        catch (DeviceException failure)
        {
            ErrorReason reason = failure.Fault is DeviceFault.Contradiction ? ErrorReason.DeviceFault : ErrorReason.DeviceUnavailable;
            throw new CampaignException(reason, failure.Message, failure);
        }
    }

    private static SerialBench Read(string path)
    {
        try
        {
            return BenchFile.Load(path) as SerialBench
                ?? throw new CampaignException(ErrorReason.BenchInvalid, $"{path}: its device is simulated and has no line; name a bench with \"driver\": \"serial\", or a port");
        }
        catch (BenchFileException wrong)
        {
            throw new CampaignException(ErrorReason.BenchInvalid, wrong.Message, wrong);
        }
    }
}
