using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.PaperStudy.Networks;

/// <summary>Which examples of a set a network gets right, in the batches of the study.</summary>
internal static class Judging
{
    private const int Batch = 50;

    /// <summary>One bit for each example, in order.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The set.</param>
    /// <param name="noise">Noise of every analog product; null for none.</param>
    /// <param name="seed">Seed of the noise, one draw for each example.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    public static bool[] Run(INetwork network, LabelledImages images, NodeNoise[]? noise, ulong seed, CancellationToken cancellationToken) =>
        Correctness.Of(network, images, noise, seed, Batch, cancellationToken);
}
