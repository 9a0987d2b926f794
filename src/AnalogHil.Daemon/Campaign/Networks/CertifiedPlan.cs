using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Networks;

/// <summary>Holds plans to what averaging was seen to do: K beyond the certificate is refused.</summary>
internal static class CertifiedPlan
{
    /// <summary>Largest K that a plan may use.</summary>
    /// <param name="device">Largest K of the device.</param>
    /// <param name="certificate">Certificate; null for a device without noise, where nothing is to be averaged.</param>
    public static int LargestRepeats(int device, CertifiedLaw? certificate) => certificate is null ? device : Math.Min(device, certificate.LargestPaying);

    /// <summary>Why K ends where it does; null where it is the device's own limit.</summary>
    public static string? Limit(int device, CertifiedLaw? certificate) =>
        certificate is not null && certificate.LargestPaying < device
            ? $"K is limited to {certificate.LargestPaying} of the device's {device}: {certificate.Refusal(certificate.LargestPaying + 1)}" : null;

    /// <summary>Refuses a plan with any K in time beyond the certificate. Of copies in space it says nothing: their cells are others, and what they have in common
    /// was not measured.</summary>
    /// <exception cref="CampaignException">PlanDoesNotFit, naming the layer and its K.</exception>
    public static void Require(PrecisionPlan plan, CertifiedLaw? certificate)
    {
        foreach (LayerPlan layer in certificate is null ? [] : plan.Layers.Where(layer => layer.Mode != RedundancyMode.SpatialCopies))
        {
            if (certificate!.Refusal(layer.Repeats.Max()) is { } reason)
            {
                throw new CampaignException(ErrorReason.PlanDoesNotFit, $"layer {layer.Layer}: {reason}");
            }
        }
    }

    /// <summary>The profile with the certified course of slow noise. A white term keeps the law that the calibration fitted to all design points at
    /// once.</summary>
    public static NoiseProfile Apply(NoiseProfile profile, IReadOnlyDictionary<NoiseTerm, AveragingLaw> laws) => profile with
    {
        Terms = [.. profile.Terms.Select(term => term.Present && laws.TryGetValue(term.Term,
            out AveragingLaw? law) && !law.Correlation.IsEmpty ? term with { Averaging = law } : term)],
    };
}
