using System.Collections.Immutable;

namespace AnalogHil.Core.Plans;

/// <summary>The redundancy of every analog product of a network: what is learned, pushed and validated.</summary>
/// <param name="Layers">In graph order.</param>
public sealed record PrecisionPlan(ImmutableArray<LayerPlan> Layers)
{
    /// <summary>In graph order; at least one.</summary>
    public ImmutableArray<LayerPlan> Layers { get; init; } = Layers.IsDefaultOrEmpty
        ? throw new ArgumentException("a precision plan without layers: the network has no product that runs on the device", nameof(Layers))
        : Layers;

    /// <summary>Mean repeats per MAC, sum_l K_l n_l / sum_l n_l (Garg et al. 2021).</summary>
    public double MeanRepeatsPerMac => Layers.Sum(layer => layer.MeanRepeats * layer.Macs) / Layers.Sum(layer => (double)layer.Macs);

    /// <summary>Energy relative to K = 1 everywhere, sum_l K_l n_l p_l / sum_l n_l p_l with the passes p of a repeat; the mean repeats per MAC where every layer takes one pass.</summary>
    public double RelativeEnergy =>
        Layers.Sum(layer => layer.MeanRepeats * layer.Macs * layer.Passes) / Layers.Sum(layer => (double)layer.Macs * layer.Passes);

    /// <summary>Equal layers in the same order.</summary>
    public bool Equals(PrecisionPlan? other) => other is not null && Layers.AsSpan().SequenceEqual(other.Layers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Layers.Length, Layers[0]);
}
