using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;

namespace AnalogHil.Precision.Clipping;

/// <summary>
/// Full scales as learned parameters: Adam on the logarithm of each input's range and each channel's weight limit, down the noisy cross entropy at
/// given energies. Rounding is passed straight through; what is clipped moves with its limit, and the noise with the span that it grows with.
/// </summary>
/// <remarks>
/// Ideas: a learned clipping level (PACT, Choi et al. 2018) and a learned step (LSQ, Esser et al. 2020); that noise is what a narrow range buys, and
/// its gradient dL / d ln span = -2 dL / d ln E, follow from sigma ~ span in eq. 9 and 10 of Garg et al. 2021. The gain that makes up for clipped
/// weights follows each limit. On the one network compared it needs less than percentiles and more than the closed form of <see cref="ClipFit"/>.
/// </remarks>
internal sealed class RangeLearning(ClipFit fit)
{
    private const ulong OrderSeed = 0x2A46E;
    private const ulong DrawSeed = 0x2A46F;

    /// <summary>Learns; the mean over the second half of the steps.</summary>
    /// <param name="task">Images, seed, and the network that counts them.</param>
    /// <param name="energy">[layer][one entry, or one per channel] E.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public ClippedNetwork Run(MethodTask task, IReadOnlyList<double[]> energy, CancellationToken cancellationToken)
    {
        ClipOptions options = fit.Options;
        var point = new RangePoint(fit, options.RangesFromClosedForm ? fit.ClosedForm(energy) : fit.Wide(), options.RangeRate);
        var batches = new BatchSampler(task.Images, task.Images.Count, options.RangeBatch, GaussianKey.Derive(task.Seed, OrderSeed).Value);
        int averaged = 0;
        for (int step = 0; step < options.RangeSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batches.Next();
            NodeClip[] clips = point.Clips();
            ClippedNetwork at = fit.Make(clips, learnRanges: true);
            ITrainableNetwork network = task.Network is CountingNetwork counting ? counting.Around(at.Network) : at.Network;
            NetworkGradients gradients = network.Differentiate(
                batches.Pixels,
                batches.Labels.Length,
                (logits, _, gradient) => CrossEntropy.Gradient(logits, batches.Labels, gradient),
                new NoiseInjection(GaussianKey.Derive(task.Seed, DrawSeed, (ulong)step).Value, at.Noise.At(energy)),
                null,
                WantedGradients.Weights);
            point.Step(clips, gradients, batches.Labels.Length);
            if (2 * step >= options.RangeSteps)
            {
                point.Average(++averaged);
            }
        }

        return fit.Make(averaged > 0 ? point.MeanClips() : point.Clips(), learnRanges: false);
    }
}
