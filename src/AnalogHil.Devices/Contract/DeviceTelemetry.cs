namespace AnalogHil.Devices.Contract;

/// <summary>State of the device at one moment.</summary>
/// <param name="State">Whether it may be driven.</param>
/// <param name="Uptime">Time since boot, on the device's own clock.</param>
/// <param name="TemperatureCelsius">Temperature; NaN where there is no sensor.</param>
/// <param name="Reads">Reads since boot.</param>
/// <param name="Energy">Declared energy spent since boot, joules.</param>
/// <param name="ActiveHash">Hash of the settings in force.</param>
public sealed record DeviceTelemetry(
    DeviceState State, TimeSpan Uptime, double TemperatureCelsius, long Reads, double Energy, string ActiveHash)
{
    /// <summary>What a drive that is off may measure, fraction of nominal.</summary>
    public const double OffTolerance = 0.02;

    /// <summary>Drive of the inputs as measured, fraction of nominal; NaN where the device does not tell.</summary>
    public double Drive { get; init; } = double.NaN;

    /// <summary>The fault that is latched, in the device's word; null without one.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether nothing is driven: the device is safe, or a latched fault holds it and its drive is measured as off.</summary>
    public bool IsOff => State == DeviceState.Safe || (State == DeviceState.Faulted && Math.Abs(Drive) <= OffTolerance);
}
