namespace AnalogHil.Devices.Contract;

/// <summary>Who answers on the other side.</summary>
/// <param name="Uid">Serial number, unique per physical device.</param>
/// <param name="Architecture">Family.</param>
/// <param name="Firmware">Firmware name and version.</param>
/// <param name="SchemaHash">Hash of the command schema that the firmware was built with.</param>
/// <param name="BootId">Changes at every reboot: a new value means that programmed tiles and settings are gone.</param>
public sealed record DeviceIdentity(string Uid, DeviceArchitecture Architecture, string Firmware, string SchemaHash, string BootId);
