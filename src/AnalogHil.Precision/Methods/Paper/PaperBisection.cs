using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Drops;

namespace AnalogHil.Precision.Methods.Paper;

/// <summary>
/// The search of Garg et al. 2021: geometric bisection of the budget, the method trained anew at each, accuracy with one draw on the evaluation set
/// itself; accepted when it lies within a tenth of a point above the target. What it returns is chosen on the images it is judged on, so no certificate can rest on it.
/// </summary>
/// <param name="options">Brackets and tolerances.</param>
public sealed class PaperBisection(PaperBisectionOptions options)
{
    /// <summary>Searches.</summary>
    /// <param name="method">Trained at every budget.</param>
    /// <param name="task">What it is given.</param>
    /// <param name="evaluation">The evaluation set.</param>
    /// <param name="progress">Told after each training.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="PrecisionException">Images do not fit the network, or the bracket is empty.</exception>
    public BisectionResult Run(
        IPrecisionMethod method, MethodTask task, LabelledImages evaluation, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        DataCheck.Fits(task.Network, evaluation);
        if (!(options.Lowest > 0 && options.Highest > options.Lowest))
        {
            throw new PrecisionException(
                PrecisionFault.Budget, $"a bracket from {options.Lowest:G4} to {options.Highest:G4} holds no energy to bisect; give a lowest above 0 and a higher highest");
        }

        MethodTask quiet = task with { ResidualImages = 0 };
        double target = Accuracy(task, evaluation, null, cancellationToken) - options.Drop;
        double low = options.Lowest;
        double high = options.Highest;
        var steps = ImmutableArray.CreateBuilder<BisectionStep>();
        MethodResult? best = null;
        bool accepted = false;
        while (steps.Count < options.Steps && !accepted)
        {
            double budget = Math.Sqrt(low * high);
            MethodResult result = Training.Run(method, quiet, budget, null, cancellationToken);
            double above = Accuracy(task, evaluation, task.Noise.At(result.Layers), cancellationToken) - target;
            accepted = above > 0 && above < options.Tolerance;
            best = above > 0 ? result : best;
            (low, high) = above > 0 ? (low, budget) : (budget, high);
            steps.Add(new BisectionStep(budget, result.MeanEnergy, options.Drop - above, result.Cost));
            progress?.Report(new MethodProgress(
                (double)steps.Count / options.Steps,
                string.Create(CultureInfo.InvariantCulture, $"bisection {steps.Count}: {result.MeanEnergy:G4} per MAC lose {100 * (options.Drop - above):0.00} points")));
        }

        return new BisectionResult(best, accepted, steps.ToImmutable(), (long)evaluation.Count * (steps.Count + 1));
    }

    private static double Accuracy(MethodTask task, LabelledImages images, NodeNoise[]? noise, CancellationToken cancellationToken)
    {
        ulong seed = GaussianKey.Derive(task.Seed, 0xB15EC7).Value;
        float[] logits = new float[task.Batch * task.Network.Classes];
        bool[] right = new bool[images.Count];
        for (int first = 0; first < images.Count; first += task.Batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(task.Batch, images.Count - first);
            Span<float> rows = logits.AsSpan(0, count * task.Network.Classes);
            task.Network.Forward(images.Slice(first, count).Span, count, rows, noise is null ? null : new NoiseInjection(seed, noise, first));
            Correctness.Judge(rows, images.Labels.AsSpan(first, count), right.AsSpan(first, count));
        }

        return Correctness.Share(right);
    }
}
