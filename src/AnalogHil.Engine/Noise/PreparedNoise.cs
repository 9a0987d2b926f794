using AnalogHil.Engine.Execution.Steps;

namespace AnalogHil.Engine.Noise;

/// <summary>A <see cref="NoiseInjection"/> checked against a network and ready for its kernels.</summary>
internal sealed class PreparedNoise
{
    private PreparedNoise(NoiseInjection injection, NoiseLaw?[] variances, NoiseLaw?[] slopes)
    {
        Seed = injection.Seed;
        FirstImage = injection.FirstImage;
        DifferentiatesDeviation = injection.DifferentiatesDeviation;
        Variances = variances;
        Slopes = slopes;
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
        for (int i = 0; i < products.Count; i++)
        {
            if (injection.Nodes[i] is not { } node)
            {
                continue;
            }

            if (injection.DifferentiatesDeviation && products[i].Node.Operands == ProductOperands.TwoActivations)
            {
                throw new ArgumentException(
                    $"node '{products[i].Node.Name}': gradients through the noise deviation of a product of two activations are not computed; leave {nameof(NoiseInjection.DifferentiatesDeviation)} off, or the node clean");
            }

            variances[i] = products[i].Prepare(node.Variance);
            slopes[i] = node.EnergySlope is null ? null : products[i].Prepare(node.EnergySlope);
        }

        return new PreparedNoise(injection, variances, slopes);
    }
}
