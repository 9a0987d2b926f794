using AnalogHil.Engine.Execution.Steps;

namespace AnalogHil.Engine.Noise;

/// <summary>A <see cref="NoiseInjection"/> checked against a network and ready for its kernels.</summary>
internal sealed class PreparedNoise
{
    private PreparedNoise(NoiseInjection injection, NoiseLaw?[] variances, NoiseLaw?[] slopes, HeldLaw?[] held)
    {
        Seed = injection.Seed;
        FirstImage = injection.FirstImage;
        DifferentiatesDeviation = injection.DifferentiatesDeviation;
        Variances = variances;
        Slopes = slopes;
        Held = held;
    }

    /// <summary>Seed of the run.</summary>
    public ulong Seed { get; }

    /// <summary>Index, in the data set, of the call's first image.</summary>
    public long FirstImage { get; }

    /// <summary>Whether gradients follow the deviation's dependence on the input.</summary>
    public bool DifferentiatesDeviation { get; }

    /// <summary>Law of each node; null for a clean node.</summary>
    public NoiseLaw?[] Variances { get; }

    /// <summary>-dVariance / d ln E of each node; null where it equals the variance.</summary>
    public NoiseLaw?[] Slopes { get; }

    /// <summary>Held part of the noise of each node; null for none.</summary>
    public HeldLaw?[] Held { get; }

    /// <summary>Checks and prepares an injection; null stays null.</summary>
    public static PreparedNoise? Prepare(NoiseInjection? injection, IReadOnlyList<AnalogStep> products)
    {
        if (injection is null)
        {
            return null;
        }

        if (injection.Nodes.Count != products.Count)
        {
            throw new ArgumentException($"the noise has entries for {injection.Nodes.Count} nodes, the network has {products.Count} analog nodes; give one per node, null for a clean one");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(injection.FirstImage);
        var variances = new NoiseLaw?[products.Count];
        var slopes = new NoiseLaw?[products.Count];
        var held = new HeldLaw?[products.Count];
        for (int i = 0; i < products.Count; i++)
        {
            if (injection.Nodes[i] is not { } node)
            {
                continue;
            }

            NoiseLaw fresh = products[i].Prepare(node.Variance);
            variances[i] = fresh.IsZero ? null : fresh;
            slopes[i] = node.EnergySlope is null ? null : products[i].Prepare(node.EnergySlope);
            if (node.Held is { } kept && products[i].Prepare(kept.Variance) is { IsZero: false } law)
            {
                held[i] = HeldLaw.Prepare(kept, law, kept.EnergySlope is null ? null : products[i].Prepare(kept.EnergySlope), products[i].Node.Name);
            }
        }

        return new PreparedNoise(injection, variances, slopes, held);
    }
}
