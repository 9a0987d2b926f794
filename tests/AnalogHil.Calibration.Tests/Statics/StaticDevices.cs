using AnalogHil.Devices.Simulation.Cells;

namespace AnalogHil.Calibration.Tests.Statics;

/// <summary>Cells whose offsets, lines, patterns and steps are measured.</summary>
internal static class StaticDevices
{
    /// <summary>A crossbar with receiver noise alone.</summary>
    public static CrossbarCells Crossbar() => new() { Lumped = new() { ReceiverNoiseNanoamperes = 3000 } };
}
