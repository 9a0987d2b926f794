namespace AnalogHil.Daemon.Records.Costs;

/// <summary>Area or static power of the whole device by what the bench or its profile tells; no measurement.</summary>
/// <param name="Value">Square millimetres of the area, watts of the power: all tiles, in use or not.</param>
/// <param name="Class">literature, fitted, measured or bench: how far the value can be trusted.</param>
/// <param name="Source">What one cell and one output column have, each with class and source.</param>
public sealed record StaticCostRecord(double Value, string Class, string Source);
