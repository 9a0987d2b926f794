using System.Text.Json;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Telemetry.Devices;

/// <summary>Names of faults in metrics, telemetry and logs.</summary>
internal static class FaultNames
{
    /// <summary>"corrupt-reply" for <see cref="DeviceFault.CorruptReply"/>.</summary>
    public static string Of(DeviceFault fault) => JsonNamingPolicy.KebabCaseLower.ConvertName(fault.ToString());

    /// <summary>Whether a device that fails so has answered sensibly: what was asked of it was wrong, not the device.</summary>
    public static bool IsAnAnswer(DeviceFault fault) =>
        fault is DeviceFault.InvalidRequest or DeviceFault.NotArmed or DeviceFault.Fenced or DeviceFault.Saturated;
}
