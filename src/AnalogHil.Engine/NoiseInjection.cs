namespace AnalogHil.Engine;

/// <summary>Noise for one pass through the network.</summary>
/// <param name="Seed">Seed of the run. The numbers of node l, image j are keyed by (Seed, l, FirstImage + j) and nothing else; held ones (<see
/// cref="HeldNoise"/>) by the draw that the image belongs to.</param>
/// <param name="Nodes">One entry per analog node; null leaves that node clean.</param>
/// <param name="FirstImage">Index, in the data set, of the first image of the batch.</param>
/// <remarks>
/// The deviation of weight and shot noise depends on what enters the layer (Garg et al. 2021, eq. 10 and 11). The paper's equations leave open whether
/// gradients follow that dependence; its authors' code does not let them (the norms are detached), and neither does the default here.
/// </remarks>
public sealed record NoiseInjection(ulong Seed, IReadOnlyList<NodeNoise?> Nodes, long FirstImage = 0)
{
    /// <summary>
    /// Whether <see cref="INetwork.Differentiate"/> also sends gradients through the deviation's dependence on the layer's input (the differentiable
    /// variant of the norms): exact gradients of the noisy loss in energies and inputs with the drawn numbers held; those in weights leave an error that
    /// channels share (<see cref="Core.Noise.ElementVariance.SharedGain"/>) out. Forward passes are the same with and without.
    /// </summary>
    /// <value>Default: false, as in the paper's code.</value>
    public bool DifferentiatesDeviation { get; init; }
}
