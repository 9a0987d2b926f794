using AnalogHil.Core.Noise;
using AnalogHil.Engine;

namespace AnalogHil.Benchmarks.Peer;

/// <summary>
/// The three laws of Garg et al. 2021 for a network, with spans of the weights of each channel and inputs of span 1: only their cost matters here.
/// </summary>
internal static class ReferenceLaws
{
    private const double Energy = 100;

    /// <summary>Noise named "thermal", "weight", "shot" or "weight held" (one draw for an inference); null for "clean".</summary>
    public static NoiseInjection? Create(INetwork network, string law) => law switch
    {
        "clean" => null,
        "thermal" => Build(network, (node, weights) => (float)ReferenceNoise.Thermal(node.DotLength, Span(weights), 1, 0.01, Energy), squared: false),
        "weight" => Build(network, (_, weights) => (float)ReferenceNoise.Weight(Span(weights), 0.1, 1, Energy), squared: true),
        "shot" => Build(network, (node, weights) => (float)ReferenceNoise.ShotBalanced(node.DotLength, Squares(weights), 1, Energy), squared: true),
        "weight held" => Held(Create(network, "weight")!),
        _ => throw new ArgumentException($"no law is called '{law}'; use clean, thermal, weight, shot or weight held", nameof(law)),
    };

    // Drawn once for an inference.
    private static NoiseInjection Held(NoiseInjection noise) => noise with
    {
        Nodes = [.. noise.Nodes.Select(node => node is null ? null : new NodeNoise(node.Variance with { SquareSlope = new float[node.Variance.SquareSlope.Length] })
        {
            Held = new HeldNoise(node.Variance),
        })],
    };

    private static NoiseInjection Build(INetwork network, Func<AnalogNode, float[], float> variance, bool squared) => new(
        1,
        [.. network.AnalogNodes.Select(node =>
        {
            float[] slopes = [.. Enumerable.Range(0, node.Channels).Select(i => variance(node, node.Weights.Slice(i * node.DotLength, node.DotLength).ToArray()))];
            float[] none = new float[node.Channels];
            return new NodeNoise(new ElementVariance([0, node.DotLength], squared ? none : slopes, squared ? slopes : none, none));
        })]);

    private static double Span(float[] weights) => 2 * weights.Max(Math.Abs);

    private static double Squares(float[] weights) => weights.Sum(weight => (double)weight * weight);
}
