namespace AnalogHil.Engine;

/// <summary>Noise for one pass through the network.</summary>
/// <param name="Seed">Seed of the run. The numbers of node l, image j are keyed by (Seed, l, FirstImage + j) and nothing else.</param>
/// <param name="Nodes">One entry per analog node; null leaves that node clean.</param>
/// <param name="FirstImage">Index, in the data set, of the first image of the batch.</param>
public sealed record NoiseInjection(ulong Seed, IReadOnlyList<NodeNoise?> Nodes, long FirstImage = 0);
