using AnalogHil.Calibration.Suite;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>What a calibration did about one routine.</summary>
/// <param name="Name">Routine.</param>
/// <param name="Entry">What was done, when and why.</param>
public sealed record RoutineRow(string Name, RoutineEntry Entry);
