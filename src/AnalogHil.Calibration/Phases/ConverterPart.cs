using AnalogHil.Calibration.Reading;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Phases;

/// <summary>The output converter's own variance in a mean of K, for a converter that the noise dithers: q^2 / 12 a read, averaging as white noise.</summary>
/// <remarks>
/// The same law that <see cref="Core.Noise.LayerNoise"/> adds, so that nothing is counted twice; where a device converts a sum of K reads only once,
/// the rest of its step shows up as a measured floor.
/// </remarks>
internal static class ConverterPart
{
    /// <summary>Dot-product units squared, seen through the gains of the columns read.</summary>
    public static double Variance(DeviceCapabilities device, SpreadSum spread, int repeats) =>
        device.QuantiserStep * device.QuantiserStep / 12 * spread.ConverterGain / repeats;
}
