namespace AnalogHil.Devices.Contract;

/// <summary>Why a device call failed: what a caller decides on.</summary>
public enum DeviceFault
{
    /// <summary>The call's arguments do not fit the declared capabilities.</summary>
    InvalidRequest,

    /// <summary>The device is safe or faulted and must be armed first.</summary>
    NotArmed,

    /// <summary>An older fencing epoch than the device has seen.</summary>
    Fenced,

    /// <summary>No answer within the deadline. A read may be repeated.</summary>
    Timeout,

    /// <summary>The answer is damaged: checksum, not a number, wrong length, outside the converter's range.</summary>
    CorruptReply,

    /// <summary>The answer contradicts what the device was told (settings, identity, read count).</summary>
    Contradiction,

    /// <summary>The device rebooted: programmed weights and settings are gone.</summary>
    Rebooted,

    /// <summary>The connection is gone.</summary>
    Disconnected,

    /// <summary>More reads hit the end of the converter's range than the caller allows.</summary>
    Saturated,
}
