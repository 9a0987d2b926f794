using System.Globalization;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Errors;

/// <summary>What to say of a device that was told to be safe and reports more than that.</summary>
internal static class LatchedFault
{
    /// <summary>The fault that a device reports; null without one.</summary>
    public static string? Of(DeviceTelemetry telemetry) => telemetry.State == DeviceState.Faulted ? telemetry.Fault ?? "of unknown cause" : null;

    /// <summary>Of a device that is off.</summary>
    /// <param name="device">What it is called.</param>
    /// <param name="fault">What is latched.</param>
    /// <param name="bench">Its bench, for the remedy.</param>
    public static string Tell(string device, string fault, string bench) =>
        $"{device} is safe, its drive is off, and fault {fault} is latched: find its cause, then clear it under the lease in force "
            + $"(hil device clear-fault {bench})";

    /// <summary>Of a device that is not shown to be off.</summary>
    public static string Report(DeviceTelemetry telemetry) => string.Create(
        CultureInfo.InvariantCulture,
        $"it reports {telemetry.State}{(Of(telemetry) is { } fault ? $" ({fault})" : "")}"
            + $"{(double.IsNaN(telemetry.Drive) ? "" : $", drive at {100 * telemetry.Drive:0.#} % of nominal")}");
}
