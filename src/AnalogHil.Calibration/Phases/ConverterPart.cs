using AnalogHil.Calibration.Reading;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Phases;

/// <summary>The output converter's own variance in a mean of K: q^2 / 12 a conversion, for a converter that the noise dithers.</summary>
internal static class ConverterPart
{
    /// <summary>Dot-product units squared, seen through the gains of the columns read.</summary>
    /// <remarks>K conversions average it as white noise; one conversion of a sum of K reads divides it by K^2.</remarks>
    public static double Variance(DeviceCapabilities device, RedundancyMode mode, SpreadSum spread, int repeats)
    {
        double step = device.QuantiserStep;
        double conversions = mode == RedundancyMode.AccumulateThenRead ? (double)repeats * repeats : repeats;
        return step * step / 12 * spread.ConverterGain / conversions;
    }
}
