using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Serial.Protocol;

namespace AnalogHil.Devices.Serial.Link;

/// <summary>Whether HELLO led to a link.</summary>
internal static class HelloCheck
{
    /// <summary>Why it did not; null when it did.</summary>
    public static string? ProblemOf(in WireHelloAnswer answer) => answer.Status == WireHelloStatus.Ok
        ? null
        : $"speaks versions {answer.VersionLowest} to {answer.VersionHighest} with schema {answer.Schema}, this program {LinkSchema.ProtocolLowest} to "
            + $"{LinkSchema.ProtocolHighest} with {LinkSchema.ShortHash} ({answer.Status}); install matching firmware";

    /// <summary>Throws where there is no link.</summary>
    /// <exception cref="DeviceException"><see cref="DeviceFault.Contradiction"/>: another version or schema; both are named.</exception>
    public static void RequireAgreed(string line, in WireHelloAnswer answer)
    {
        if (ProblemOf(answer) is { } problem)
        {
            throw new DeviceException(DeviceFault.Contradiction, $"{line} {problem}");
        }
    }
}
