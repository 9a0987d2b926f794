using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Allocation;

/// <summary>The price of not knowing sigma better (<see cref="PriceOfIgnorance"/>) for a plan of whole repeats.</summary>
internal static class PlanPrice
{
    private const int Images = 128;
    private const long MoreReads = 768;

    /// <summary>Loss of each part of the noise, from at most 128 images.</summary>
    public static TermSensitivities Sensitivities(
        INetwork network, NoiseModel noise, PlanLayout layout, LabelledImages images, LearningOptions learning, CancellationToken cancellationToken) =>
        TermSensitivityEstimator.Estimate(
            network, noise, layout, images.Pixels, Math.Min(Images, images.Count), null, learning, cancellationToken);

    /// <summary>The price; null where the loss is all floor, for which no energy is enough.</summary>
    /// <param name="sensitivities">Loss of each part of the noise at the estimates.</param>
    /// <param name="mode">How repeats are made.</param>
    /// <param name="repeats">K of each entry.</param>
    /// <param name="sigmas">sigma of each term that the plan was made against; empty for the estimates.</param>
    public static PriceOfIgnorance? Of(
        TermSensitivities sensitivities, RedundancyMode mode, IReadOnlyList<double> repeats, ReadOnlySpan<double> sigmas = default)
    {
        double loss = 0;
        for (int j = 0; j < repeats.Count; j++)
        {
            loss += sensitivities.Loss(j, repeats[j], mode, sigmas);
        }

        return loss > sensitivities.Floor(mode) ? PriceOfIgnorance.Of(sensitivities, mode, loss, MoreReads) : null;
    }
}
