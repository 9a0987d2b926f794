using System.Collections.Immutable;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Errors;

/// <summary>What a failed device call means for the client that asked for it.</summary>
internal static class DeviceFailures
{
    /// <summary>The refusal of a call.</summary>
    /// <param name="failure">What the device, its driver or its guard said.</param>
    /// <param name="bench">Name of the bench.</param>
    public static CampaignException Explain(DeviceException failure, string bench) => new(
        failure.Fault switch
        {
            DeviceFault.InvalidRequest => ErrorReason.RequestInvalid,
            DeviceFault.NotArmed => ErrorReason.NotArmed,
            DeviceFault.Fenced => ErrorReason.Fenced,
            DeviceFault.Timeout or DeviceFault.Disconnected or DeviceFault.Rebooted => ErrorReason.DeviceUnavailable,
            _ => ErrorReason.DeviceFault,
        },
        $"bench {bench}: {failure.Message}",
        failure)
    {
        Metadata = ImmutableDictionary<string, string>.Empty.Add("bench", bench).Add("device_fault", failure.Fault.ToString()),
    };
}
