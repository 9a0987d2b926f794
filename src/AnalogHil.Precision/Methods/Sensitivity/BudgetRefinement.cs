using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Core.Numerics;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Methods.Sensitivity;

/// <summary>
/// Steps on the noisy loss that cannot leave the budget: E_j = E_min + (B sum n - E_min sum n) p_j / n_j, p = softmax(a). One a for each layer; the
/// shares inside a layer stay as they were, for the gradient of a single channel is far noisier than its sensitivity.
/// </summary>
internal sealed class BudgetRefinement(MethodTask task, SensitivityOptions options)
{
    private readonly PlanLayout _layout = task.Layout;

    /// <summary>Refines; returns the start itself where there is nothing to refine or too little to refine it with.</summary>
    /// <param name="start">E of each entry.</param>
    /// <param name="budget">B.</param>
    /// <param name="available">Images that may be used: the first so many.</param>
    /// <param name="trace">Grows by one point for each step.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public double[] Run(
        double[] start,
        double budget,
        int available,
        ImmutableArray<TracePoint>.Builder trace,
        IProgress<MethodProgress>? progress,
        CancellationToken cancellationToken)
    {
        double free = budget - task.LeastEnergy;
        if (options.Steps <= 0 || _layout.Layers < 2 || !(free > 0) || available < options.Batch)
        {
            return start;
        }

        double[] shares = Shares(start, budget);
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

        return BudgetProjection.Project(
            Energies(shares, mean, budget), _layout.Cost, budget, task.LeastEnergy, task.LargestEnergy);
    }

    /// <summary>Shares of what is left above the least energy; entries at the least keep a hair, so that they can grow again.</summary>
    internal double[] Shares(double[] start, double budget)
    {
        // At a budget of the least energy there is nothing to share; the weights stay positive all the same.
        double free = budget - task.LeastEnergy;
        double hair = 1e-3 * (free > 0 ? free : 1);
        double[] shares = new double[start.Length];
        for (int j = 0; j < shares.Length; j++)
        {
            shares[j] = Math.Max(start[j] - task.LeastEnergy, hair) * _layout.Cost[j];
        }

        return shares;
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

    /// <summary>dL/da from dL/d ln E: with h_j = dL/d ln E_j (E_j - E_min) / E_j and the layer's share p_l, sum over the layer of h minus p_l times the sum of all h.
    /// Zero where everything is at the least energy.</summary>
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
            result[layer] -= spent > 0 ? shares[layer] / spent * all : 0;
        }

        return result;
    }
}
