namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>One cause of the noise of one column at one input.</summary>
/// <param name="Name">Cause: receiver, white, flicker, telegraph, shot, dark, intensity, input, phase, wander, detuning, readout.</param>
/// <param name="Variance">Ensemble variance of one read, dot-product units squared, before the column's gain.</param>
/// <param name="Law">How repeats in time average it.</param>
/// <param name="Common">Whether all columns and copies see the same draw.</param>
public sealed record NoisePart(string Name, double Variance, AveragingLaw Law, bool Common);
