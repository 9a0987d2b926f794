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
    private readonly TermSensitivities _estimates;
    private readonly RedundancyMode _mode;

    private RepeatAdvice(TermSensitivities sensitivities, TermSensitivities estimates, RedundancyMode mode, RepeatLimits limits) =>
        (Sensitivities, _estimates, _mode, Limits) = (sensitivities, estimates, mode, limits);

    /// <summary>Loss of each part of the noise that is planned against.</summary>
    public TermSensitivities Sensitivities { get; }

    /// <summary>Largest K of each entry.</summary>
    public RepeatLimits Limits { get; }

    /// <summary>Estimates it; null for a law of the literature and for continuous energies.</summary>
    public static RepeatAdvice? For(PlanTask task, INetwork network, CancellationToken cancellationToken)
    {
        if (!task.Method.WholeRepeats || task.Noise is not NoiseModel measured)
        {
            return null;
        }

        TermSensitivities sensitivities = Of(measured);
        TermSensitivities estimates = task.Estimates is { } estimated ? Of(estimated) : sensitivities;
        return new RepeatAdvice(sensitivities, estimates, task.Layout.Mode, RepeatLimits.Of(sensitivities, task.Layout.Mode, (int)task.LargestEnergy));

        TermSensitivities Of(NoiseModel noise) =>
            PlanPrice.Sensitivities(network, noise, task.Layout, task.Learning, new LearningOptions { Seed = task.Seed }, cancellationToken);
    }

    /// <summary>One sentence for each layer that is held down, and one for the price of not knowing sigma.</summary>
    public ImmutableArray<string> Sentences(PlanTask task, EnergyPoint point)
    {
        ImmutableArray<string> held = Limits.Sentences(task.Layout, [.. task.Network.AnalogNodes.Select(node => node.Name)]);
        double[] repeats = [.. point.Layers.SelectMany((layer, i) => task.Layout.Granularity == Granularity.Channel && layer.Length == 1
            ? Enumerable.Repeat(layer[0], task.Network.AnalogNodes[i].Channels)
            : layer)];

        // What was planned at the upper limits keeps the loss that it has there.
        double[] planned = task.Estimates is null ? [] : [.. _estimates.Terms.Select(term => term.Sigma.Interval.High)];
        return PlanPrice.Of(_estimates, _mode, repeats, planned) is { } price ? held.Add(price.Sentence) : held;
    }
}
