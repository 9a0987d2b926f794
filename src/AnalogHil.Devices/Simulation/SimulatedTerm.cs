namespace AnalogHil.Devices.Simulation;

/// <summary>Truth of one noise term.</summary>
/// <param name="Sigma">Relative standard deviation of one read, unit "1" of device full scale.</param>
/// <param name="FloorFraction">Part of the variance of one read that no number of repeats removes, in [0, 1].</param>
public readonly record struct SimulatedTerm(double Sigma, double FloorFraction);
