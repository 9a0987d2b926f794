using AnalogHil.Calibration.Graph;

namespace AnalogHil.Calibration.Suite;

/// <summary>A routine's result from an earlier calibration of the same device.</summary>
/// <param name="Record">When it was measured.</param>
/// <param name="Result">What was found.</param>
/// <param name="Reads">Folder of its reads; null where they are not kept.</param>
public sealed record KnownResult(RoutineRecord Record, RoutineResult Result, string? Reads = null);
