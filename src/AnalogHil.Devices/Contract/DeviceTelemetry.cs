namespace AnalogHil.Devices.Contract;

/// <summary>State of the device at one moment.</summary>
/// <param name="State">Whether it may be driven.</param>
/// <param name="Uptime">Time since boot, on the device's own clock.</param>
/// <param name="TemperatureCelsius">Temperature; NaN where there is no sensor.</param>
/// <param name="Reads">Reads since boot.</param>
/// <param name="Energy">Declared energy spent since boot, joules.</param>
/// <param name="ActiveHash">Hash of the settings in force.</param>
public sealed record DeviceTelemetry(
    DeviceState State, TimeSpan Uptime, double TemperatureCelsius, long Reads, double Energy, string ActiveHash);
