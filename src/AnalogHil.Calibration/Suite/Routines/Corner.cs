using AnalogHil.Calibration.Acquisition;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>Design corners of a device by name.</summary>
internal static class Corner
{
    public static ProbePattern Of(IAnalogDevice device, string name) => ProbePattern.Corners(device.Capabilities).Single(corner => corner.Name == name);
}
