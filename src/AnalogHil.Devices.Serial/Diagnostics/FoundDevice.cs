using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Serial.Diagnostics;

/// <summary>Who answers on a port.</summary>
/// <param name="Port">The port.</param>
/// <param name="Identity">The device; null when none answered.</param>
/// <param name="Problem">Why there is none.</param>
public sealed record FoundDevice(string Port, DeviceIdentity? Identity, string Problem);
