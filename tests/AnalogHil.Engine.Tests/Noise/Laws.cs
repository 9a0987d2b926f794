using AnalogHil.Core.Noise;

namespace AnalogHil.Engine.Tests.Noise;

/// <summary>Noise laws for tests.</summary>
internal static class Laws
{
    /// <summary>A law with every term, cut into <paramref name="blocks"/> row blocks of unequal length and slope.</summary>
    public static ElementVariance Mixed(AnalogNode node, int blocks, int seed, float scale = 1e-3f)
    {
        var random = new Random(seed);
        blocks = Math.Min(blocks, node.DotLength);
        int[] starts = [.. Enumerable.Range(0, blocks + 1).Select(b => b == blocks ? node.DotLength : b * b * node.DotLength / (blocks * blocks))];
        for (int b = 1; b < blocks; b++)
        {
            starts[b] = Math.Max(starts[b], starts[b - 1] + 1);
        }

        float[] Draw(int count, float size) => [.. Enumerable.Range(0, count).Select(_ => size * random.NextSingle())];
        return new ElementVariance(starts, Draw(node.Channels, scale), Draw(blocks * node.Channels, scale), Draw(node.Channels, scale));
    }

    public static ElementVariance Constant(AnalogNode node, float variance)
    {
        float[] constant = new float[node.Channels];
        Array.Fill(constant, variance);
        return new ElementVariance([0, node.DotLength], constant, new float[node.Channels], new float[node.Channels]);
    }

    public static NoiseInjection Injection(INetwork network, ulong seed, long firstImage = 0, int blocks = 3, float scale = 1e-3f) => new(
        seed, [.. network.AnalogNodes.Select(node => new NodeNoise(Mixed(node, blocks, node.Index, scale)))], firstImage);

    /// <summary>The same with a relative error of about a tenth that all channels of a position share.</summary>
    public static NoiseInjection WithSharedGain(INetwork network, NoiseInjection injection) => injection with
    {
        Nodes =
        [
            .. injection.Nodes.Select((node, i) => node! with
            {
                Variance = node.Variance with { SharedGain = [.. Enumerable.Range(0, network.AnalogNodes[i].Channels).Select(channel => 0.01f * (1 + channel % 3))] },
            }),
        ],
    };

    /// <summary>The same with a part that is held: of weights and offsets, with an energy slope of its own where <paramref name="slopes"/>.</summary>
    public static NoiseInjection Held(INetwork network, ulong seed, long firstImage = 0, int blocks = 3, float scale = 1e-3f, int imagesPerDraw = 1, bool slopes = false) => new(
        seed,
        [.. network.AnalogNodes.Select(node =>
        {
            ElementVariance Kept(int at, float size) => Mixed(node, blocks, at, size) with { AbsoluteSlope = new float[node.Channels] };
            var held = new HeldNoise(Kept(100 + node.Index, scale), slopes ? Kept(200 + node.Index, scale) : null) { ImagesPerDraw = imagesPerDraw };
            return new NodeNoise(Mixed(node, blocks, node.Index, node.Index % 2 == 0 ? scale : 0)) { Held = held };
        })],
        firstImage);
}
