using AnalogHil.Engine;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Learning;

/// <summary>Gradient of the noisy network's cross entropy in ln E, by reparameterised noise (Garg et al. 2021, eq. 14): -1/2 sum (noise x upstream gradient), times the share that averages.</summary>
internal sealed class EnergyGradient(INetwork network, INoiseModel model, PlanLayout layout)
{
    /// <summary>Mean loss, nats, and its gradient for one batch and one draw of the noise.</summary>
    /// <param name="batches">Holds the batch.</param>
    /// <param name="energy">E of each entry.</param>
    /// <param name="noiseSeed">Seed of the draw.</param>
    public (double Loss, double[] Gradient) At(BatchSampler batches, ReadOnlySpan<double> energy, ulong noiseSeed)
    {
        int[] labels = batches.Labels;
        double loss = 0;
        NetworkGradients gradients = network.Differentiate(
            batches.Pixels,
            labels.Length,
            (logits, _, gradient) =>
            {
                loss = CrossEntropy.Loss(logits, labels) / labels.Length;
                CrossEntropy.Gradient(logits, labels, gradient);
            },
            new NoiseInjection(noiseSeed, model.At(layout.Spread(energy))),
            null);
        double[] result = layout.Gather(gradients.LogEnergy);
        for (int j = 0; j < result.Length; j++)
        {
            result[j] /= labels.Length;
        }

        return (loss, result);
    }

    /// <summary>Adds the gradient of lambda max(ln(sum E n) - ln(B sum n), 0).</summary>
    public void AddPenalty(double[] gradient, ReadOnlySpan<double> energy, double budget, double penalty)
    {
        double spent = 0;
        double allowed = 0;
        for (int j = 0; j < energy.Length; j++)
        {
            spent += energy[j] * layout.Cost[j];
            allowed += budget * layout.Cost[j];
        }

        for (int j = 0; j < energy.Length && spent > allowed; j++)
        {
            gradient[j] += penalty * energy[j] * layout.Cost[j] / spent;
        }
    }
}
