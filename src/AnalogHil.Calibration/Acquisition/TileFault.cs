using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Acquisition;

/// <summary>A tile that could not be read to the end of a series.</summary>
/// <param name="Tile">Tile.</param>
/// <param name="Series">Series.</param>
/// <param name="VectorsMissing">Executions not made.</param>
/// <param name="Fault">What the device failed with.</param>
/// <param name="Reason">The failure's message.</param>
public sealed record TileFault(int Tile, string Series, int VectorsMissing, DeviceFault Fault, string Reason);
