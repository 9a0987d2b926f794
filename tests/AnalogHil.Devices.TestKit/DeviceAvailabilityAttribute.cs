namespace AnalogHil.Devices.TestKit;

/// <summary>Says whether a device can be had here. Put one on a class that inherits <see cref="DeviceConformance"/>: without its device the class is
/// skipped with the reason.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class DeviceAvailabilityAttribute : Attribute
{
    /// <summary>What is missing and how to get it; null when the device can be had.</summary>
    public abstract string? Missing { get; }
}
