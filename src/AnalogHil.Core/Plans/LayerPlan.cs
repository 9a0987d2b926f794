using System.Collections.Immutable;

namespace AnalogHil.Core.Plans;

/// <summary>The redundancy of one analog matrix product of the network.</summary>
/// <param name="Layer">Name of the node in the model.</param>
/// <param name="DotLength">N, length of one dot product.</param>
/// <param name="Macs">n, multiply-accumulates of the layer for one input.</param>
/// <param name="Repeats">K per output channel; one entry means the same K for every channel. Each at least 1.</param>
/// <param name="Mode">How the repeats are made.</param>
public sealed record LayerPlan(string Layer, int DotLength, long Macs, ImmutableArray<int> Repeats, RedundancyMode Mode)
{
    /// <summary>Mean K over the channels.</summary>
    public double MeanRepeats => Repeats.Average();

    /// <summary>K of channel <paramref name="channel"/>.</summary>
    public int RepeatsOf(int channel) => Repeats.Length == 1 ? Repeats[0] : Repeats[channel];
}
