using AnalogHil.Precision.Allocation;

namespace AnalogHil.Precision.Bits;

/// <summary>
/// Chooses the bits of inputs, weights and read-outs and the energy of every layer in one problem: losses of rounding and of noise through the same
/// sensitivities, joules of reads and of converters as the device declares them (<see cref="MultipleChoice"/>).
/// </summary>
/// <remarks>
/// To second order, rounding errors taken as white and independent of each other: what it predicts for few bits (4 and less) is to be tried on the network
/// (<see cref="BitPlan.Quantise"/>).
/// </remarks>
public static class JointChoice
{
    /// <summary>Least loss within an energy.</summary>
    /// <param name="layers">Losses and costs of each layer.</param>
    /// <param name="grid">What can be chosen.</param>
    /// <param name="joules">Largest declared energy of one image.</param>
    /// <exception cref="PrecisionException">Even the cheapest choice costs more.</exception>
    public static BitPlan LeastLoss(IReadOnlyList<(LayerBitLosses Losses, LayerBitCosts Costs)> layers, BitGrid grid, double joules) =>
        Choose(layers, grid, options => MultipleChoice.LeastLoss(options, joules));

    /// <summary>Least energy within a loss.</summary>
    /// <param name="layers">Losses and costs of each layer.</param>
    /// <param name="grid">What can be chosen.</param>
    /// <param name="nats">Largest second-order loss of one image.</param>
    /// <exception cref="PrecisionException">Even the choice that loses least loses more.</exception>
    public static BitPlan LeastEnergy(IReadOnlyList<(LayerBitLosses Losses, LayerBitCosts Costs)> layers, BitGrid grid, double nats) =>
        Choose(layers, grid, options => MultipleChoice.LeastCost(options, nats));

    private static BitPlan Choose(
        IReadOnlyList<(LayerBitLosses Losses, LayerBitCosts Costs)> layers, BitGrid grid, Func<AllocationOption[][], ChosenOptions> choose)
    {
        LayerBits[][] options = [.. layers.Select(layer => grid.OptionsOf(layer.Losses, layer.Costs))];
        ChosenOptions chosen = choose([.. options.Select(layer => layer.Select(option => new AllocationOption(option.Joules, option.Loss)).ToArray())]);
        return new BitPlan([.. chosen.Choice.Select((option, layer) => options[layer][option])], chosen.LowerBound);
    }
}
