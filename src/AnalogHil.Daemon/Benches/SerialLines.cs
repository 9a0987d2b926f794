using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Benches;
using AnalogHil.Devices.Serial.Transport;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Benches;

/// <summary>Lines that a user names on this machine: a terminal, or the bench of a serial device.</summary>
internal static class SerialLines
{
    /// <summary>The bench of a place; null for a terminal.</summary>
    /// <param name="place">Path of a terminal under /dev, or of a bench file.</param>
    /// <exception cref="CampaignException">BenchInvalid: the file is wrong, or its device has no line.</exception>
    public static SerialBench? BenchOf(string place)
    {
        if (IsTerminal(place))
        {
            return null;
        }

        try
        {
            return BenchFile.Load(place) as SerialBench
                ?? throw new CampaignException(
                    ErrorReason.BenchInvalid, $"{place}: its device is simulated and has no line; name a bench with \"driver\": \"serial\", or a port");
        }
        catch (BenchFileException wrong)
        {
            throw new CampaignException(ErrorReason.BenchInvalid, wrong.Message, wrong);
        }
    }

    /// <summary>Whether a place is a terminal, not a bench.</summary>
    public static bool IsTerminal(string place) => place.StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>Opens the line of a terminal or of a bench.</summary>
    /// <exception cref="DeviceException">It cannot be opened.</exception>
    public static async Task<ISerialTransport> OpenAsync(
        string place, SerialBench? bench, int baud, TimeProvider time, CancellationToken cancellationToken) =>
        bench is null ? TermiosPort.Open(place, baud) : await SerialBenchOpening.OpenLineAsync(bench, time, cancellationToken).ConfigureAwait(false);

    /// <summary>A failure of a line as one of the program.</summary>
    public static CampaignException Explain(DeviceException failure) => new(
        failure.Fault is DeviceFault.Contradiction ? ErrorReason.DeviceFault : ErrorReason.DeviceUnavailable, failure.Message, failure);
}
