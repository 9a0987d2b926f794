using AnalogHil.Engine.Execution.Steps;

namespace AnalogHil.Engine.Noise;

/// <summary>The noise of every analog node, checked against a network and ready for its kernels.</summary>
internal sealed class NodeLaws
{
    private readonly IReadOnlyList<AnalogStep> _steps;

    private NodeLaws(IReadOnlyList<AnalogStep> steps)
    {
        _steps = steps;
        Variances = new NoiseLaw?[steps.Count];
        Slopes = new NoiseLaw?[steps.Count];
        Held = new HeldLaw?[steps.Count];
    }

    /// <summary>Law of each node's fresh noise; null for none.</summary>
    public NoiseLaw?[] Variances { get; }

    /// <summary>-dVariance / d ln E of each node; null where it equals the variance.</summary>
    public NoiseLaw?[] Slopes { get; }

    /// <summary>Held part of the noise of each node; null for none.</summary>
    public HeldLaw?[] Held { get; }

    /// <summary>Whether these are laws of a network's steps.</summary>
    public bool Fit(IReadOnlyList<AnalogStep> steps) => ReferenceEquals(_steps, steps);

    /// <summary>Checks and prepares the noise of a network.</summary>
    /// <exception cref="ArgumentException">It does not fit.</exception>
    public static NodeLaws Prepare(IReadOnlyList<NodeNoise?> nodes, IReadOnlyList<AnalogStep> steps)
    {
        if (nodes.Count != steps.Count)
        {
            throw new ArgumentException(
                $"the noise has entries for {nodes.Count} nodes, the network has {steps.Count} analog nodes; give one per node, null for a clean one");
        }

        var laws = new NodeLaws(steps);
        for (int i = 0; i < steps.Count; i++)
        {
            if (nodes[i] is not { } node)
            {
                continue;
            }

            NoiseLaw fresh = steps[i].Prepare(node.Variance);
            laws.Variances[i] = fresh.IsZero ? null : fresh;
            laws.Slopes[i] = node.EnergySlope is null ? null : steps[i].Prepare(node.EnergySlope);
            if ((fresh.Gains is not null && node.Held is not null) || node.Held?.Variance.SharedGain is not null)
            {
                throw new ArgumentException(
                    $"node '{steps[i].Node.Name}' has noise that is held beside an error that all its channels share anew in every read; give one of them");
            }

            if (node.Held is { } kept && steps[i].Prepare(kept.Variance) is { IsZero: false } law)
            {
                laws.Held[i] = HeldLaw.Prepare(kept, law, kept.EnergySlope is null ? null : steps[i].Prepare(kept.EnergySlope), steps[i].Node.Name);
            }
        }

        return laws;
    }
}
