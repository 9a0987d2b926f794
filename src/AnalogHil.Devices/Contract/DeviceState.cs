namespace AnalogHil.Devices.Contract;

/// <summary>Whether a device may be driven.</summary>
public enum DeviceState
{
    /// <summary>No drive: inputs are off. The state after power-up and after <see cref="IAnalogDevice.EnterSafeStateAsync"/>.</summary>
    Safe,

    /// <summary>May be programmed and executed.</summary>
    Armed,

    /// <summary>A latched fault; only making safe is accepted until it is cleared.</summary>
    Faulted,
}
