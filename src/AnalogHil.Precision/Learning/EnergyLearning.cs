using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Learning;

/// <summary>
/// Eq. 14 of Garg et al. 2021: Adam on ln E of CE(noisy network; E) + lambda max(ln(sum E n) - ln E_max, 0), reparameterised noise, frozen
/// weights, evaluation mode. The mean of ln E over the second half of the steps is returned: it has less of the gradient's noise than the last iterate.
/// </summary>
internal sealed class EnergyLearning(INetwork network, INoiseModel model, PlanLayout layout, LabelledImages images, LearningOptions options)
{
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
        var adam = new AdamSteps(count, options.LearningRate);
        var gradients = new EnergyGradient(network, model, layout);
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
            double[] gradient = Gradient(gradients, batches, energy, budget, step);
            adam.Step(gradient, logEnergy);
            for (int j = 0; j < count; j++)
            {
                logEnergy[j] = Math.Clamp(logEnergy[j], 0, limit);
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

    private double[] Gradient(EnergyGradient gradients, BatchSampler batches, double[] energy, double budget, int step)
    {
        ulong seed = GaussianKey.Derive(options.Seed, 0x9015E, (ulong)step).Value;
        double[] result = gradients.At(batches, energy, seed).Gradient;
        gradients.AddPenalty(result, energy, budget, options.Penalty);
        return result;
    }
}
