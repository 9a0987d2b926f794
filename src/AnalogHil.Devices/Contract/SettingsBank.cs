namespace AnalogHil.Devices.Contract;

/// <summary>The two banks of settings.</summary>
public enum SettingsBank
{
    /// <summary>In force.</summary>
    Active,

    /// <summary>Written, not yet in force.</summary>
    Staged,
}
