namespace AnalogHil.Precision.Allocation;

/// <summary>What a choice of redundancy modes may take besides energy.</summary>
/// <param name="Seconds">Largest time of all reads of one image, layers one after the other.</param>
/// <param name="Cells">Cells that weights and copies may take; infinite for all of the device.</param>
public sealed record ModeLimits(double Seconds = double.PositiveInfinity, double Cells = double.PositiveInfinity);
