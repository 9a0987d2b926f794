using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Methods.Sensitivity;

/// <summary>
/// Our method: the closed form E_l = B sqrt(s_l / n_l) / sum sqrt(s n) from one backward pass; where asked, re-estimated at the noisy operating point until
/// the Karush-Kuhn-Tucker residual stops falling; then a few steps on the noisy loss with the budget met exactly. Held-out images decide what is kept.
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
        double[] warm = Fit(task, problem, budget);
        double[] energy = warm;
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

        // Sensitivities under noise know what the clean ones do not, but weigh images that are lost anyway: neither is always the better.
        var judge = new EnergyJudge(task, options.JudgeImages);
        double[]? losses = options.Rounds > 0 || options.Steps > 0 ? judge.Losses(warm, cancellationToken) : null;
        if (options.Rounds > 0)
        {
            double[] rounds = judge.Losses(energy, cancellationToken);
            bool better = rounds.Sum() < losses!.Sum();
            energy = better ? energy : warm;
            losses = better ? rounds : losses;
        }

        var refinement = new BudgetRefinement(task, options);
        double[] refined = refinement.Run(energy, budget, task.Images.Count - judge.Images, trace, progress, cancellationToken);
        if (!ReferenceEquals(refined, energy) && EnergyJudge.ClearlyBetter(judge.Losses(refined, cancellationToken), losses!))
        {
            energy = refined;
        }

        return new LearnedEnergy(energy, trace.ToImmutable()) { PredictedGain = problem.PredictedGain() };
    }

    private static double[] Fit(MethodTask task, AllocationProblem problem, double budget) =>
        BudgetProjection.Project(problem.WarmStart(budget), task.Layout.Cost, budget, task.LeastEnergy, task.LargestEnergy);
}
