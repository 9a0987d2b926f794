using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Methods;

/// <summary>
/// Steps on the noisy loss that cannot leave the budget: E_j = E_min + (B sum n - E_min sum n) p_j / n_j, p = softmax(a). One a for each layer; the
/// shares inside a layer stay as they were, for the gradient of a single channel is far noisier than its sensitivity.
/// </summary>
internal sealed class BudgetRefinement(MethodTask task, SensitivityOptions options)
{
    private readonly PlanLayout _layout = task.Layout;

    public double[] Run(
        double[] start, double budget, ImmutableArray<TracePoint>.Builder trace, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        double free = budget - task.LeastEnergy;
        int judged = Math.Min(options.JudgeImages, task.Images.Count / 2);
        int available = task.Images.Count - judged;
        if (options.Steps <= 0 || _layout.Layers < 2 || !(free > 0) || available < options.Batch)
        {
            return start;
        }

        // Shares of what is left above the least energy; entries at the least keep a hair, so that they can grow again.
        double[] shares = new double[start.Length];
        for (int j = 0; j < shares.Length; j++)
        {
            shares[j] = Math.Max(start[j] - task.LeastEnergy, 1e-3 * free) * _layout.Cost[j];
        }

        double[] tilt = new double[_layout.Layers];
        double[] mean = new double[_layout.Layers];
        var adam = new AdamSteps(tilt.Length, options.LearningRate);
        var gradients = new EnergyGradient(task.Network, task.Noise, _layout);
        var batches = new BatchSampler(task.Images, available, options.Batch, GaussianKey.Derive(task.Seed, 0xB0D6E7).Value);
        for (int step = 0; step < options.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batches.Next();
            double[] energy = Energies(shares, tilt, budget);
            (double loss, double[] slope) = gradients.At(batches, energy, GaussianKey.Derive(task.Seed, 0x2EF14E, (ulong)step).Value);
            trace.Add(new TracePoint(trace.Count, _layout.MeanEnergy(energy), loss, null));
            adam.Step(TiltGradient(slope, energy), tilt);
            for (int layer = 0; layer < tilt.Length; layer++)
            {
                mean[layer] += tilt[layer] / options.Steps;
            }

            progress?.Report(new MethodProgress(
                0.7 + 0.3 * (step + 1) / options.Steps,
                string.Create(CultureInfo.InvariantCulture, $"refinement {step + 1} of {options.Steps}: loss {loss:0.000}")));
        }

        double[] refined = BudgetProjection.Project(
            Energies(shares, mean, budget), _layout.Cost, budget, task.LeastEnergy, task.LargestEnergy);
        return Better(Losses(refined, judged, cancellationToken), Losses(start, judged, cancellationToken)) ? refined : start;
    }

    /// <summary>E of each entry; meets the budget exactly for every tilt.</summary>
    /// <param name="shares">Weight of each entry, positive.</param>
    /// <param name="tilt">a of each layer.</param>
    /// <param name="budget">B.</param>
    internal double[] Energies(double[] shares, double[] tilt, double budget)
    {
        double[] energy = new double[shares.Length];
        double sum = 0;
        double total = 0;
        for (int j = 0; j < shares.Length; j++)
        {
            energy[j] = shares[j] * Math.Exp(tilt[_layout.LayerOf(j)]);
            sum += energy[j];
            total += _layout.Cost[j];
        }

        double spent = (budget - task.LeastEnergy) * total;
        for (int j = 0; j < shares.Length; j++)
        {
            energy[j] = task.LeastEnergy + spent * energy[j] / (sum * _layout.Cost[j]);
        }

        return energy;
    }

    /// <summary>dL/da from dL/d ln E: with h_j = dL/d ln E_j (E_j - E_min) / E_j and the layer's share p_l, sum over the layer of h minus p_l times the sum of all h.</summary>
    internal double[] TiltGradient(double[] slope, double[] energy)
    {
        double[] h = new double[energy.Length];
        double[] share = new double[energy.Length];
        double spent = 0;
        double all = 0;
        for (int j = 0; j < energy.Length; j++)
        {
            h[j] = slope[j] * (energy[j] - task.LeastEnergy) / energy[j];
            share[j] = (energy[j] - task.LeastEnergy) * _layout.Cost[j];
            spent += share[j];
            all += h[j];
        }

        double[] result = _layout.SumByLayer(h);
        double[] shares = _layout.SumByLayer(share);
        for (int layer = 0; layer < result.Length; layer++)
        {
            result[layer] -= shares[layer] / spent * all;
        }

        return result;
    }

    // By more than a standard error of the paired difference: the start rests on far more images than the steps do.
    private static bool Better(double[] candidate, double[] present)
    {
        double[] saved = [.. present.Zip(candidate, (a, b) => a - b)];
        double mean = saved.Average();
        double squares = saved.Sum(value => (value - mean) * (value - mean));
        return mean > Math.Sqrt(squares / ((double)saved.Length * Math.Max(saved.Length - 1, 1)));
    }

    // The same noise for both candidates; images that no step saw.
    private double[] Losses(double[] energy, int judged, CancellationToken cancellationToken)
    {
        NodeNoise[] noise = task.Noise.At(_layout.Spread(energy));
        ulong seed = GaussianKey.Derive(task.Seed, 0x70D6E).Value;
        int start = task.Images.Count - judged;
        float[] logits = new float[task.Batch * task.Network.Classes];
        double[] losses = new double[judged];
        for (int first = 0; first < judged; first += task.Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int batch = Math.Min(task.Batch, judged - first);
            Span<float> rows = logits.AsSpan(0, batch * task.Network.Classes);
            task.Network.Forward(task.Images.Slice(start + first, batch).Span, batch, rows, new NoiseInjection(seed, noise, first));
            for (int i = 0; i < batch; i++)
            {
                losses[first + i] = CrossEntropy.Loss(
                    rows.Slice(i * task.Network.Classes, task.Network.Classes), task.Images.Labels.AsSpan(start + first + i, 1));
            }
        }

        return losses;
    }
}
