using AnalogHil.Core.Numerics;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Search;

namespace AnalogHil.Precision.Methods;

/// <summary>Runs methods on equal terms: the same checks, the same clock, the same count of images, the same measure of how far the result is from the optimum.</summary>
public static class Training
{
    private const ulong ResidualSeed = 0x2E51D;

    /// <summary>Runs one method; computes for seconds to hours without giving up the thread.</summary>
    /// <param name="method">The method.</param>
    /// <param name="task">What it is given.</param>
    /// <param name="budget">B, mean E per multiply-accumulate.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">The images do not fit the network, or the method cannot work at this budget.</exception>
    public static MethodResult Run(
        IPrecisionMethod method, MethodTask task, double budget, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        DataCheck.Fits(task.Network, task.Images);
        RowGroups.RequireNoise(task.Layout, task.Noise);
        CheckBudget(task, budget);
        var network = new CountingNetwork(task.Network);
        MethodTask counted = task with { Network = network };
        long start = task.Time.GetTimestamp();
        LearnedEnergy learned = method.Learn(counted, budget, progress, cancellationToken);
        double seconds = task.Time.GetElapsedTime(start).TotalSeconds;
        ImageCost cost = network.Cost;
        MethodTask reached = learned.Network is null ? counted : counted with { Network = network.Around(learned.Network), Noise = learned.Noise ?? task.Noise };
        double[]? reachedSensitivity = ReachedSensitivity(reached, learned.Energy, cancellationToken);
        (double? residual, double? layers) = reachedSensitivity is null ? default((double?, double?)) : Residuals(reached, learned.Energy, reachedSensitivity);
        return new MethodResult(
            method.Name, budget, task.Layout.MeanEnergy(learned.Energy), learned, task.Layout.Spread(learned.Energy), cost, network.Cost.Since(cost), seconds, residual, layers)
        {
            // A method that predicts shares by sensitivity; another's shares are its own.
            Shares = reachedSensitivity is null || learned.PredictedGain is null
                ? learned.Energy
                : FreeShape.Of(learned.Energy, Floored(task.Layout, reachedSensitivity), task.Layout.Cost, task.LeastEnergy, task.LargestEnergy),
        };
    }

    /// <summary>s of each entry at an operating point, floored; a slice of the images that moves on and wraps.</summary>
    internal static double[] Sensitivity(
        MethodTask task, double[]? energy, int from, int count, ulong seed, double channelFloor, CancellationToken cancellationToken)
    {
        LabelledImages images = task.Images;
        int taken = Math.Min(count, images.Count);
        int first = from % images.Count;
        first = first + taken > images.Count ? 0 : first;
        var options = new LearningOptions { SensitivityBatch = task.Batch, Seed = GaussianKey.Derive(task.Seed, seed, (ulong)from).Value };
        double[] result = task.Layout.Gather(SensitivityEstimator.Estimate(
            task.Network, task.Noise, images.Slice(first, taken), taken, energy is null ? null : task.Layout.Spread(energy), options, cancellationToken));
        task.Layout.ApplyFloor(result, channelFloor);
        return result;
    }

    /// <summary>Residual between layers taken as wholes: ln of the largest over the smallest (sum s / E) / (sum n E).</summary>
    internal static double LayerResidual(PlanLayout layout, ReadOnlySpan<double> sensitivity, ReadOnlySpan<double> energy, double least, double largest)
    {
        double[] gain = new double[energy.Length];
        double[] spent = new double[energy.Length];
        for (int j = 0; j < energy.Length; j++)
        {
            bool free = energy[j] > least && energy[j] < largest;
            gain[j] = free ? sensitivity[j] / energy[j] : 0;
            spent[j] = free ? layout.Cost[j] * energy[j] : 0;
        }

        double[] gains = layout.SumByLayer(gain);
        double[] costs = layout.SumByLayer(spent);
        double[] ratios = [.. gains.Zip(costs).Where(pair => pair.First > 0 && pair.Second > 0).Select(pair => Math.Log(pair.First / pair.Second))];
        return ratios.Length < 2 ? 0 : ratios.Max() - ratios.Min();
    }

    private static double[]? ReachedSensitivity(MethodTask task, double[] energy, CancellationToken cancellationToken) => task.ResidualImages <= 0
        ? null
        : Sensitivity(task, energy, Math.Max(0, task.Images.Count - task.ResidualImages), task.ResidualImages, ResidualSeed, 0, cancellationToken);

    private static (double? Entries, double? Layers) Residuals(MethodTask task, double[] energy, double[] sensitivity) => (
        OptimalityResidual.Of(sensitivity, energy, task.Layout.Cost, task.LeastEnergy, task.LargestEnergy),
        LayerResidual(task.Layout, sensitivity, energy, task.LeastEnergy, task.LargestEnergy));

    // A channel that no image was sensitive to is not one that needs nothing.
    private static double[] Floored(PlanLayout layout, double[] sensitivity)
    {
        double[] floored = [.. sensitivity];
        layout.ApplyFloor(floored);
        return floored;
    }

    private static void CheckBudget(MethodTask task, double budget)
    {
        if (!(budget >= task.LeastEnergy && budget <= task.LargestEnergy))
        {
            throw new PrecisionException(
                PrecisionFault.Budget,
                $"energy budget of {budget:G4} per MAC lies outside {task.LeastEnergy:G4} (everything once at the least energy) .. {task.LargestEnergy:G4}; choose one within");
        }
    }
}
