using AnalogHil.Core.Numerics;

namespace AnalogHil.Core.Tests.Numerics;

/// <summary>An order in which the words of the generator can be read: the counter runs within one key, or keys run with the counter held.</summary>
/// <param name="Name">For the report.</param>
/// <param name="At">Key and Philox block of the i-th four words, for a seed.</param>
internal sealed record WordOrder(string Name, Func<ulong, ulong, (ulong Key, ulong Block)> At)
{
    private const ulong Layers = 54;

    // Blocks of one image and layer: 10 positions of 16 channels.
    private const ulong ImageBlocks = 40;

    public static IReadOnlyList<WordOrder> All { get; } =
    [
        new("counters", (seed, i) => (GaussianKey.Derive(seed).Value, i)),
        new("layers", (seed, i) => (GaussianKey.Derive(seed, i % Layers, i / Layers).Value, 0)),
        new("samples", (seed, i) => (GaussianKey.Derive(seed, 7, i).Value, 3)),
        new("images", (seed, i) => (GaussianKey.Derive(seed, i / ImageBlocks % Layers, i / ImageBlocks / Layers).Value, i % ImageBlocks)),
        new("seeds", (seed, i) => (GaussianKey.Derive(seed + i).Value, 0)),
        new("neighbouring keys", (seed, i) => ((seed << 40) + i, 0)),
    ];

    public static WordOrder Find(string name) => All.Single(order => order.Name == name);

    /// <summary>Fills with words from the <paramref name="first"/>-th four on; the length is a multiple of four.</summary>
    public void Fill(ulong seed, ulong first, Span<uint> words)
    {
        for (int i = 0; i < words.Length; i += 4)
        {
            (ulong key, ulong block) = At(seed, first + (ulong)i / 4);
            PhiloxWords.Block(key, block, words[i..]);
        }
    }
}
