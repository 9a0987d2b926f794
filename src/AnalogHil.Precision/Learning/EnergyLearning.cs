using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Learning;

/// <summary>
/// Eq. 14 of Garg et al. 2021: Adam on ln E of CE(noisy network; E) + lambda max(ln(sum E n) - ln E_max, 0), reparameterised noise, frozen
/// weights, evaluation mode. The mean of ln E over the second half of the steps is returned: it has less of the gradient's noise than the last iterate.
/// </summary>
internal sealed class EnergyLearning(INetwork network, NoiseModel model, PlanLayout layout, LabelledImages images, LearningOptions options)
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;

    /// <summary>Learns from a start.</summary>
    /// <param name="start">E of each entry.</param>
    /// <param name="budget">E_max as mean E per MAC.</param>
    /// <param name="maxEnergy">Largest E of one entry.</param>
    /// <param name="available">Images that may be used: the first so many of the set.</param>
    /// <param name="stepped">Told the number of steps made.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public double[] Run(
        ReadOnlySpan<double> start, double budget, double maxEnergy, int available, Action<int> stepped, CancellationToken cancellationToken)
    {
        int count = layout.Count;
        double limit = Math.Log(maxEnergy);
        double[] logEnergy = new double[count];
        double[] mean = new double[count];
        double[] first = new double[count];
        double[] second = new double[count];
        double[] energy = start.ToArray();
        for (int j = 0; j < count; j++)
        {
            logEnergy[j] = Math.Log(energy[j]);
        }

        int averaged = 0;
        var batches = new BatchSampler(images, available, options.Batch, GaussianKey.Derive(options.Seed, 0xADA).Value);
        for (int step = 1; step <= options.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batches.Next();
            double[] gradient = Gradient(batches, energy, budget, step);
            for (int j = 0; j < count; j++)
            {
                first[j] = FirstDecay * first[j] + (1 - FirstDecay) * gradient[j];
                second[j] = SecondDecay * second[j] + (1 - SecondDecay) * gradient[j] * gradient[j];
                double direction = first[j] / (1 - Math.Pow(FirstDecay, step));
                double scale = Math.Sqrt(second[j] / (1 - Math.Pow(SecondDecay, step))) + 1e-12;
                logEnergy[j] = Math.Clamp(logEnergy[j] - options.LearningRate * direction / scale, 0, limit);
                energy[j] = Math.Exp(logEnergy[j]);
            }

            if (2 * step > options.Steps)
            {
                averaged++;
                for (int j = 0; j < count; j++)
                {
                    mean[j] += (logEnergy[j] - mean[j]) / averaged;
                }
            }

            stepped(step);
        }

        return averaged == 0 ? energy : [.. mean.Select(Math.Exp)];
    }

    private double[] Gradient(BatchSampler batches, double[] energy, double budget, int step)
    {
        ulong seed = GaussianKey.Derive(options.Seed, 0x9015E, (ulong)step).Value;
        int[] labels = batches.Labels;
        NetworkGradients gradients = network.Differentiate(
            batches.Pixels,
            labels.Length,
            (logits, _, gradient) => CrossEntropy.Gradient(logits, labels, gradient),
            new NoiseInjection(seed, model.At(layout.Spread(energy))),
            null);
        double[] result = layout.Gather(gradients.LogEnergy);
        double spent = 0;
        double allowed = 0;
        for (int j = 0; j < energy.Length; j++)
        {
            spent += energy[j] * layout.Cost[j];
            allowed += budget * layout.Cost[j];
        }

        for (int j = 0; j < energy.Length; j++)
        {
            result[j] /= labels.Length;
            if (spent > allowed)
            {
                result[j] += options.Penalty * energy[j] * layout.Cost[j] / spent;
            }
        }

        return result;
    }
}
