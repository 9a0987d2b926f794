using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Search;

/// <summary>The K that the measured averaging pays back.</summary>
internal static class PayableRepeats
{
    /// <summary>Limits of K of each entry; null where none lies below the device's.</summary>
    /// <param name="network">The network.</param>
    /// <param name="noise">Its noise.</param>
    /// <param name="layout">What is repeated.</param>
    /// <param name="maxRepeats">K_max of the device.</param>
    /// <param name="calibration">Images for sensitivities.</param>
    /// <param name="learning">How sensitivities are estimated.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static RepeatLimits? Of(
        INetwork network, NoiseModel noise, PlanLayout layout, int maxRepeats, LabelledImages calibration, LearningOptions learning, CancellationToken cancellationToken)
    {
        // White noise pays back every K; only floors and correlation, of the inputs' rounding too, can hold a K down.
        bool possible = noise.Profile.FullScale.InputStep > 0 || noise.Profile.Terms.Any(term => term.Sigma.Value > 0
            && term.Averaging.LogSlope(maxRepeats) < RepeatLimits.LeastReturn * term.Averaging.Factor(maxRepeats));
        if (!possible)
        {
            return null;
        }

        TermSensitivities sensitivities = PlanPrice.Sensitivities(network, noise, layout, calibration, learning, cancellationToken);
        RepeatLimits limits = RepeatLimits.Of(sensitivities, layout.Mode, maxRepeats);
        return limits.Binds ? limits : null;
    }

    /// <summary>K_max of each entry.</summary>
    public static int[] Largest(RepeatLimits? limits, PlanLayout layout, int maxRepeats) =>
        limits?.Largest.ToArray() ?? [.. Enumerable.Repeat(maxRepeats, layout.Count)];

    /// <summary>Options of a search that says what its largest energy is held by.</summary>
    public static SearchOptions Named(SearchOptions options, int largest, int maxRepeats) =>
        largest < maxRepeats ? options with { LimitName = "the most that the measured averaging pays back" } : options;

    /// <summary>One sentence for each entry that is held down.</summary>
    public static IReadOnlyList<string> Sentences(RepeatLimits? limits, PlanLayout layout, INetwork network) =>
        limits is null ? [] : limits.Sentences(layout, [.. network.AnalogNodes.Select(node => node.Name)]);
}
