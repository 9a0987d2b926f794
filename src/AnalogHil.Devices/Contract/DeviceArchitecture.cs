namespace AnalogHil.Devices.Contract;

/// <summary>Families of analog matrix multipliers.</summary>
public enum DeviceArchitecture
{
    /// <summary>Resistive crossbar with differential conductance pairs.</summary>
    Crossbar,

    /// <summary>Homodyne photoelectric multiplier: time steps accumulate charge.</summary>
    Homodyne,

    /// <summary>Broadcast-and-weight photonics: wavelength channels through ring weight banks.</summary>
    BroadcastAndWeight,
}
