namespace AnalogHil.Devices.Simulation;

/// <summary>A device whose power can be cut from outside, for fault injection.</summary>
internal interface IRebootable
{
    /// <summary>Power off and on: programmed blocks and settings are gone, the boot id is new.</summary>
    void Reboot();
}
