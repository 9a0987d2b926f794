using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Benches;

/// <summary>Names of the architectures on the wire and in records.</summary>
internal static class ArchitectureNames
{
    /// <summary>"crossbar", "homodyne" or "broadcast-and-weight".</summary>
    public static string Of(DeviceArchitecture architecture) => architecture switch
    {
        DeviceArchitecture.Crossbar => "crossbar",
        DeviceArchitecture.Homodyne => "homodyne",
        DeviceArchitecture.BroadcastAndWeight => "broadcast-and-weight",
        _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "this architecture has no name yet"),
    };
}
