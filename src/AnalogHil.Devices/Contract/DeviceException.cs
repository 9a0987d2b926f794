namespace AnalogHil.Devices.Contract;

/// <summary>A device call that did not do what was asked. The message says cause, value, limit and remedy.</summary>
public sealed class DeviceException : Exception
{
    /// <summary>Creates the error.</summary>
    public DeviceException(DeviceFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>What kind of failure.</summary>
    public DeviceFault Fault { get; }

    /// <summary>Whether the call certainly changed nothing on the device: it was refused before its effect began.</summary>
    public bool ChangedNothing { get; init; }

    /// <summary>Whether repeating a read may help: nothing on the device was changed by the failed call.</summary>
    public bool IsTransient => Fault is DeviceFault.Timeout or DeviceFault.CorruptReply;
}
