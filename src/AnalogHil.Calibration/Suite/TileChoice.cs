using System.Collections.Immutable;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Suite;

/// <summary>Tiles of a calibration.</summary>
internal static class TileChoice
{
    /// <summary>Those asked for, or as many as may be programmed at a time, evenly spread; what is left out is said.</summary>
    public static (ImmutableArray<int> Tiles, ImmutableArray<string> Warnings) Of(DeviceCapabilities device, SuiteOptions options)
    {
        if (options.Tiles is { } asked)
        {
            int wrong = asked.FirstOrDefault(tile => tile < 0 || tile >= device.Tiles, -1);
            return asked.All(tile => tile >= 0 && tile < device.Tiles)
                ? ([.. asked.Order()], [])
                : throw new CalibrationException(CalibrationFault.Unsupported, $"tile {wrong} was asked for, the device has tiles 0 .. {device.Tiles - 1}");
        }

        int most = (int)Math.Clamp(options.MostCells / ((long)device.Rows * device.Columns), 1, device.Tiles);
        return most == device.Tiles
            ? ([.. Enumerable.Range(0, device.Tiles)], [])
            : (
                [.. Enumerable.Range(0, most).Select(i => (int)((long)i * device.Tiles / most))],
                [$"{device.Tiles - most} of {device.Tiles} tiles are not calibrated: {options.MostCells} cells are programmed at a time; "
                    + "name others with the option for tiles, or allow more cells"]);
    }
}
