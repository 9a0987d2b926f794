using System.Collections.Immutable;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Allocation;

/// <summary>Measures <see cref="TermSensitivities"/>: one backward pass over the same images and labels for each term, the converter and the rounding of inputs.
/// A term that was not told from zero is measured at its upper limit.</summary>
public static class TermSensitivityEstimator
{
    /// <summary>Measures.</summary>
    /// <param name="network">The network.</param>
    /// <param name="model">Its calibrated noise.</param>
    /// <param name="layout">Layers or channels, in the mode in which the noise was measured.</param>
    /// <param name="images">[count x C x H x W] calibration images.</param>
    /// <param name="count">Images.</param>
    /// <param name="repeats">Operating point, [layer][one, or one per channel]; null for the clean network.</param>
    /// <param name="options">Batch and seed.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public static TermSensitivities Estimate(
        INetwork network,
        NoiseModel model,
        PlanLayout layout,
        ReadOnlyMemory<float> images,
        int count,
        IReadOnlyList<double[]>? repeats,
        LearningOptions options,
        CancellationToken cancellationToken)
    {
        DeviceFullScale ideal = model.Profile.FullScale with { QuantiserStep = 0, InputStep = 0 };
        ImmutableArray<NoiseTermEstimate> terms = [.. model.Profile.Terms.Where(term => TermSensitivities.SigmaOf(term) > 0)];
        NodeNoise[]? noise = repeats is null ? null : model.At(repeats);
        return new TermSensitivities(
            terms,
            [.. terms.Select(term => Part(new NoiseProfile(ideal, [OneRead(term)])))],
            model.Profile.FullScale.QuantiserStep == 0
                ? new double[layout.Count]
                : Part(new NoiseProfile(model.Profile.FullScale with { InputStep = 0 }, [])),
            model.Profile.FullScale.InputStep == 0
                ? new double[layout.Count]
                : Part(new NoiseProfile(model.Profile.FullScale with { QuantiserStep = 0 }, [])),
            layout.Cost)
        {
            MeasuredIn = layout.Mode,
        };

        static NoiseTermEstimate OneRead(NoiseTermEstimate term) => term with
        {
            Sigma = term.Sigma with { Value = TermSensitivities.SigmaOf(term) }, Averaging = AveragingLaw.White,
        };

        double[] Part(NoiseProfile profile)
        {
            var part = new NoiseModel(model.Scales, profile);
            ElementVariance[] laws = [.. part.At(part.Ones()).Select(node => node.Variance)];
            return layout.Gather(SensitivityEstimator.Estimate(network, laws, noise, images, count, options, cancellationToken));
        }
    }
}
