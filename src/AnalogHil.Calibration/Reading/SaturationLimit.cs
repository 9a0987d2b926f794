using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Reading;

/// <summary>Refuses figures from reads that hit the end of the converter's range: a clipped spread is too small, a clipped mean is pulled in.</summary>
internal static class SaturationLimit
{
    // Fewer than this many saturated reads are an accident, whatever their share.
    private const long Accident = 10;

    /// <summary>Whether too many of <paramref name="reads"/> saturated.</summary>
    public static bool Exceeded(long reads, long saturated, double share) => saturated > Math.Max(Accident, share * reads);

    /// <summary>Throws when <see cref="Exceeded"/>.</summary>
    public static void Check(string where, long reads, long saturated, double share, DeviceCapabilities device)
    {
        if (Exceeded(reads, saturated, share))
        {
            throw new CalibrationException(
                CalibrationFault.Saturated,
                $"{where}: {saturated} of {reads} reads hit the end of the converter's range of +-{device.AdcFullScale} ({(double)saturated / reads:P2}, "
                    + $"limit {share:P2}); "
                + "widen the converter's range or lower the drive");
        }
    }
}
