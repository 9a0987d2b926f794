using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Correction;
using AnalogHil.Precision.Methods.Sensitivity;

namespace AnalogHil.Precision.Clipping;

/// <summary>
/// Our method in full at one energy: shares by sensitivity, full scales of inputs and weights for these energies (<see cref="IFullScales"/>), shares again,
/// and the digital correction learned together with the layers' shares (<see cref="CorrectedMethod"/>). The result carries its own network and noise.
/// </summary>
/// <param name="clips">Full scales of the task's network before it was put on grids; null for a law without full scales, which leaves shares and
/// correction.</param>
/// <param name="options">Steps and rates; <see cref="CorrectionOptions.From"/> goes on from an earlier result.</param>
public sealed class ClippedMethod(IFullScales? clips, CorrectionOptions options) : IPrecisionMethod
{
    /// <inheritdoc/>
    public string Name => clips?.AreLearned == true ? "ours, learned full scales and correction" : "ours, full scales and correction";

    /// <inheritdoc/>
    public LearnedEnergy Learn(MethodTask task, double budget, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        if (clips is null)
        {
            return new CorrectedMethod(options).Learn(task, budget, progress, cancellationToken);
        }

        double[] shares = (options.From ?? new SensitivityMethod(options.Start).Learn(task, budget, null, cancellationToken)).Energy;
        double[] energy = BudgetProjection.Project(shares, task.Layout.Cost, budget, task.LeastEnergy, task.LargestEnergy);
        double[][] layers = task.Layout.Spread(energy);
        ClippedNetwork clipped = clips.Choose(task, layers, cancellationToken);
        MethodTask narrowed = task with
        {
            Network = task.Network is CountingNetwork counting ? counting.Around(clipped.Network) : clipped.Network,
            Noise = clipped.Noise,
        };

        // Narrower full scales mean less noise where they were wide: shares that nothing was corrected for yet are estimated again.
        bool again = options.From is { Corrections: null } && options.EnergyRate > 0;
        CorrectionOptions correction = options with
        {
            From = again ? null : options.From,
            Answers = options.Answers ?? new CleanAnswers(task.Network, task.Images),
        };
        LearnedEnergy learned = new CorrectedMethod(correction).Learn(narrowed, budget, progress, cancellationToken);
        return learned with { Noise = learned.Noise ?? clipped.Noise, FullScales = clipped.Plan, Compensation = [.. clipped.Corrections] };
    }
}
