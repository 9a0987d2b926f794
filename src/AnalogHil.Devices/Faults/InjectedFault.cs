namespace AnalogHil.Devices.Faults;

/// <summary>What can be made to go wrong.</summary>
public enum InjectedFault
{
    /// <summary>The reply of an execution is lost: the driver's deadline passes.</summary>
    DropReply,

    /// <summary>One bit of one output is flipped on the way.</summary>
    CorruptReply,

    /// <summary>One output is not a number, with a checksum that agrees.</summary>
    NotANumber,

    /// <summary>Every read hits the end of the converter's range.</summary>
    SaturatedReply,

    /// <summary>The reply comes after <see cref="FaultRule.Delay"/>.</summary>
    LateReply,

    /// <summary>The second half of the outputs is missing.</summary>
    ShortReply,

    /// <summary>The reply claims one read too few.</summary>
    WrongReadCount,

    /// <summary>A bank is read back with one K changed.</summary>
    LyingReadBack,

    /// <summary>The device reboots just before the execution.</summary>
    Reboot,

    /// <summary>The connection is gone from this execution on.</summary>
    Disconnect,

    /// <summary>The execution is never answered, and the driver does not stop when it is told to.</summary>
    Hang,
}
