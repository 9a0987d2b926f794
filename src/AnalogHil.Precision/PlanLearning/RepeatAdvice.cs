using System.Collections.Immutable;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Budgets;

namespace AnalogHil.Precision.PlanLearning;

/// <summary>What a measured noise says about whole K: how many its averaging pays back, and what knowing it better would save.</summary>
internal sealed class RepeatAdvice
{
    private const int Images = 128;
    private const long MoreReads = 768;

    private readonly TermSensitivities _sensitivities;
    private readonly RedundancyMode _mode;

    private RepeatAdvice(TermSensitivities sensitivities, RedundancyMode mode, RepeatLimits limits) =>
        (_sensitivities, _mode, Limits) = (sensitivities, mode, limits);

    /// <summary>Loss of each part of the noise.</summary>
    public TermSensitivities Sensitivities => _sensitivities;

    /// <summary>Largest K of each entry.</summary>
    public RepeatLimits Limits { get; }

    /// <summary>Estimates it; null for a law of the literature and for continuous energies.</summary>
    public static RepeatAdvice? For(PlanTask task, INetwork network, CancellationToken cancellationToken)
    {
        if (!task.Method.WholeRepeats || task.Noise is not NoiseModel measured)
        {
            return null;
        }

        TermSensitivities sensitivities = TermSensitivityEstimator.Estimate(
            network, measured, task.Layout, task.Learning.Pixels, Math.Min(Images, task.Learning.Count), null, new LearningOptions { Seed = task.Seed }, cancellationToken);
        return new RepeatAdvice(sensitivities, task.Layout.Mode, RepeatLimits.Of(sensitivities, task.Layout.Mode, (int)task.LargestEnergy));
    }

    /// <summary>One sentence for each layer that is held down, and one for the price of not knowing sigma.</summary>
    public ImmutableArray<string> Sentences(PlanTask task, EnergyPoint point)
    {
        ImmutableArray<string> held = Limits.Sentences(task.Layout, [.. task.Network.AnalogNodes.Select(node => node.Name)]);
        double[] repeats = [.. point.Layers.SelectMany((layer, i) => task.Layout.Granularity == Granularity.Channel && layer.Length == 1
            ? Enumerable.Repeat(layer[0], task.Network.AnalogNodes[i].Channels)
            : layer)];
        double loss = 0;
        for (int j = 0; j < repeats.Length; j++)
        {
            loss += _sensitivities.Loss(j, repeats[j], _mode);
        }

        return loss > _sensitivities.Floor(_mode) ? held.Add(PriceOfIgnorance.Of(_sensitivities, _mode, loss, MoreReads).Sentence) : held;
    }
}
