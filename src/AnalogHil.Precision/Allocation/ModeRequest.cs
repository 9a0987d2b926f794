namespace AnalogHil.Precision.Allocation;

/// <summary>What redundancy may take.</summary>
/// <param name="Loss">Largest second-order loss of all noise, nats for one image.</param>
/// <param name="Seconds">Largest time of all reads of one image, layers one after the other.</param>
/// <param name="Cells">Cells of the device that weights and copies may take.</param>
public sealed record ModeRequest(double Loss, double Seconds = double.PositiveInfinity, double Cells = double.PositiveInfinity)
{
    /// <summary>Largest K in any mode, at least 1; a mode's own limit holds too.</summary>
    /// <value>Default: that of the mode.</value>
    public int LargestRepeats { get; init; } = int.MaxValue;
}
