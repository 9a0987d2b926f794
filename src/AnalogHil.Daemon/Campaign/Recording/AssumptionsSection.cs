using AnalogHil.Calibration.Results;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Plans;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>What the figures of a campaign take for granted.</summary>
internal static class AssumptionsSection
{
    /// <summary>One sentence each, as far as the campaign has come.</summary>
    public static IEnumerable<string> Of(CampaignState state)
    {
        if (state.Inputs.Bench.IsSimulated)
        {
            yield return "The device is simulated: its figures say how the method works, not how any hardware does.";
        }

        if (state.Inputs.Bench.ProgrammingError is 0)
        {
            yield return "Cells take exactly the weights that are written (the bench's programming error is 0): what imperfect programming costs is not in these figures.";
        }

        if (ActivationProducts.Assumption(state.Inputs.Network) is { } products)
        {
            yield return products;
        }

        yield return "Clean is the float32 network on the same images; images of calibration, search and certification are disjoint.";
        if (state.Learned is { Variants.IsDefaultOrEmpty: false } several && several.Variants.Any(variant => variant.Chosen))
        {
            string least = several.Variants.All(variant => variant.Joules is not null) ? "least declared energy" : "fewest reads per MAC";
            yield return $"The plan is the one with {least} of {several.Variants.Length} variants of the network that were tried on the same images of the search: the intervals of its energy and its predicted acceptance count neither this choice nor another learning. The verdict rests on other images.";
        }

        if (state.Learned is { Corrections.IsDefaultOrEmpty: false } learned)
        {
            yield return "The learned plan runs with full scales, gains and offsets of its own, where it has them"
                + (learned.Uniform.Reachable ? "; uniform K, which it is compared with, without." : ".");
        }

        yield return "Sigma is the standard deviation of one read relative to device full scale; intervals hold for the state of the device during calibration.";
        if (state.Calibration is { } calibration)
        {
            yield return Averaging(calibration, state.Certificate, state.Learned?.Plan);
        }

        yield return "Energy counts reads per multiply-accumulate, one read of everything is 1; converters, weight writing and digital operations are not in it. Joules per image are the device's declared figures, not a measurement.";
        yield return "The verdict holds for the device as it was programmed here: one programming, one state of drift, fresh read noise for every image.";
    }

    private static string Averaging(CalibrationResult calibration, CertifiedLaw? certificate, PrecisionPlan? plan)
    {
        string law = calibration.Profile.Terms.Any(term => term.Present && !term.Averaging.Correlation.IsEmpty)
            ? "The mean of K reads has variance V1 kappa(K) / K + V0, kappa by the correlation from read to read that was measured"
            : "The mean of K reads has variance V1 / K + V0, without correlation from read to read";
        int measured = Math.Max(
            certificate?.LargestMeasured ?? 0,
            calibration.Averaging.IsDefaultOrEmpty ? 0 : calibration.Averaging.Max(point => point.K));
        if (measured == 0)
        {
            return $"{law}; it was not measured.";
        }

        string pays = certificate is { } known && known.LargestPaying < measured ? $", where repeats pay up to K = {known.LargestPaying}" : "";
        int used = plan?.Layers.Max(layer => layer.Repeats.Max()) ?? 0;
        return used > measured
            ? $"{law}; it was measured up to K = {measured}{pays} and is extrapolated to K = {used}, the largest in the plan."
            : $"{law}; it was measured up to K = {measured}{pays}{(plan is null ? "" : $", the plan uses no more than {used}")}.";
    }
}
