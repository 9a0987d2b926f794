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
        if (model is not RowGroupNoise rows || layout.Granularity != Granularity.Rows)
        {
            (double whole, double[][] slopes) = Pass(batches, model.At(layout.Spread(energy)), noiseSeed);
            return (whole, Mean(layout.Gather(slopes), batches));
        }

        // One pass for each row group, of the same draw: noise of the rows is one number for each output, and its slope in one group's energy the group's share.
        double loss = 0;
        double[][] byGroup = [.. network.AnalogNodes.Select(node => new double[rows.GroupsOf(node.Index)])];
        double[][] spread = layout.Spread(energy);
        for (int group = 0; group < rows.MostGroups; group++)
        {
            (loss, double[][] slopes) = Pass(batches, rows.At(spread, group), noiseSeed);
            for (int layer = 0; layer < byGroup.Length; layer++)
            {
                if (group < byGroup[layer].Length)
                {
                    byGroup[layer][group] = slopes[layer].Sum();
                }
            }
        }

        return (loss, Mean(layout.Gather(byGroup), batches));
    }

    private (double Loss, double[][] Slopes) Pass(BatchSampler batches, NodeNoise[] noise, ulong noiseSeed)
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
            new NoiseInjection(noiseSeed, noise),
            null);
        return (loss, gradients.LogEnergy);
    }

    private static double[] Mean(double[] sums, BatchSampler batches) => [.. sums.Select(sum => sum / batches.Labels.Length)];

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
