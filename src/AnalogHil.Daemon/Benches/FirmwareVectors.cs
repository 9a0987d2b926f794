using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Benches;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Diagnostics.Vectors;
using AnalogHil.Devices.Serial.Transport;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Benches;

/// <summary>Checks firmware, or another implementation's vectors, against the golden ones.</summary>
internal static class FirmwareVectors
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Checks a place.</summary>
    /// <param name="place">A terminal or a serial bench, whose device is checked; a directory of vectors, which this program is checked with; null
    /// for its own.</param>
    /// <param name="baud">Rate of a terminal.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="CampaignException">DataInvalid for files that are no vectors; BenchInvalid, DeviceUnavailable or DeviceFault.</exception>
    public static async Task<VectorReport> CheckAsync(string? place, int baud, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            if (place is null || Directory.Exists(place))
            {
                return CodecCheck.Run(place is null ? GoldenVectors.OfThisProgram : GoldenVectors.Read(place));
            }

            SerialBench? bench = SerialLines.BenchOf(place);
            ISerialTransport line = await SerialLines.OpenAsync(place, bench, baud, time, cancellationToken).ConfigureAwait(false);
            return await DeviceCheck.RunAsync(line, GoldenVectors.OfThisProgram, Limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (DeviceException failure)
        {
            throw SerialLines.Explain(failure);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or IOException)
        {
            throw new CampaignException(
                ErrorReason.DataInvalid, $"{place}: {wrong.Message}; it must hold {string.Join(", ", GoldenVectors.Files)} as hil firmware "
                    + "vectors --export writes them", wrong);
        }
    }
}
