using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Serial.Diagnostics;

/// <summary>Who answers on a line.</summary>
/// <param name="Port">The line.</param>
/// <param name="Baud">Rate at which it was asked.</param>
/// <param name="Identity">The device; null when none answered.</param>
/// <param name="WatchdogMilliseconds">After so long without its host it makes itself safe.</param>
/// <param name="Problem">Why there is none.</param>
public sealed record FoundDevice(string Port, int Baud, DeviceIdentity? Identity, uint WatchdogMilliseconds, string Problem);
