using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Methods;

/// <summary>
/// Our method: the closed form E_l = B sqrt(s_l / n_l) / sum sqrt(s n) from one backward pass, re-estimated at the noisy operating point until the
/// Karush-Kuhn-Tucker residual stops falling, then a few steps on the noisy loss with the budget met exactly.
/// </summary>
/// <param name="options">Images, rounds, steps.</param>
public sealed class SensitivityMethod(SensitivityOptions options) : IPrecisionMethod
{
    private const ulong WarmSeed = 0x5E45;
    private const ulong RoundSeed = 0x20D5;

    /// <inheritdoc/>
    public string Name => "ours";

    /// <inheritdoc/>
    public LearnedEnergy Learn(MethodTask task, double budget, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        PlanLayout layout = task.Layout;
        if (task.Images.Count < options.Batch)
        {
            throw new PrecisionException(
                PrecisionFault.Data, $"{task.Images.Count} images are fewer than one batch of {options.Batch}; give more images or a smaller batch");
        }

        var trace = ImmutableArray.CreateBuilder<TracePoint>();
        var problem = new AllocationProblem(
            Training.Sensitivity(task, null, 0, options.WarmImages, WarmSeed, options.ChannelFloor, cancellationToken), layout.Cost);
        double[] energy = Fit(task, problem, budget);
        int seen = options.WarmImages;
        double last = double.PositiveInfinity;
        double[] mean = new double[layout.Count];
        for (int round = 0; round < options.Rounds; round++)
        {
            double[] s = Training.Sensitivity(task, energy, seen, options.RoundImages, RoundSeed, 0, cancellationToken);
            seen += options.RoundImages;
            double residual = Training.LayerResidual(layout, s, energy, task.LeastEnergy, task.LargestEnergy);
            trace.Add(new TracePoint(round, layout.MeanEnergy(energy), null, residual));
            progress?.Report(new MethodProgress(
                0.7 * (round + 1) / options.Rounds,
                string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: Karush-Kuhn-Tucker residual between layers {residual:0.00}")));

            // Every round's images count for the next energies: the mean has less noise than the last round.
            for (int j = 0; j < mean.Length; j++)
            {
                mean[j] += (s[j] - mean[j]) / (round + 1);
            }

            double[] floored = [.. mean];
            layout.ApplyFloor(floored, options.ChannelFloor);
            problem = new AllocationProblem(floored, layout.Cost);
            energy = Fit(task, problem, budget);
            if (residual < options.Tolerance || residual > options.Plateau * last)
            {
                break;
            }

            last = residual;
        }

        var refinement = new BudgetRefinement(task, options);
        energy = refinement.Run(energy, budget, trace, progress, cancellationToken);
        return new LearnedEnergy(energy, trace.ToImmutable()) { PredictedGain = problem.PredictedGain() };
    }

    private static double[] Fit(MethodTask task, AllocationProblem problem, double budget) =>
        BudgetProjection.Project(problem.WarmStart(budget), task.Layout.Cost, budget, task.LeastEnergy, task.LargestEnergy);
}
