using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Correction;
using AnalogHil.Precision.Methods.Sensitivity;

namespace AnalogHil.Precision.Clipping;

/// <summary>
/// Our method in full: full scales and corrections belong to an energy, so they are learned at the one that the sensitivities predict, the energy that
/// is needed with them is found, and they are learned on at that one.
/// </summary>
/// <param name="clips">Full scales; null for a law without them.</param>
/// <param name="options">Steps and rates.</param>
public sealed class TwoRoundLearning(IFullScales? clips, TwoRoundOptions options)
{
    /// <summary>Learns; shares are learned too.</summary>
    /// <param name="task">The task; its network is the one without chosen full scales.</param>
    /// <param name="uniform">Uniform energy for the same drop, from which the first budget is predicted.</param>
    /// <param name="needed">Mean E per multiply-accumulate that a result needs for the drop that is allowed; asked once.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public MethodResult Run(
        MethodTask task, double uniform, Func<MethodResult, double> needed, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        MethodTask quiet = task with { ResidualImages = 0 };
        double start = Within(task, uniform);
        MethodResult warm = Training.Run(new SensitivityMethod(options.Correction.Start), quiet, start, null, cancellationToken);
        double budget = Within(task, (warm.Learned.PredictedGain ?? 1) * uniform);
        return Run(task, warm, budget, options.Correction, needed, progress, cancellationToken);
    }

    /// <summary>Learns full scales and correction alone for shares that are given.</summary>
    /// <param name="task">The task; its network is the one without chosen full scales.</param>
    /// <param name="shares">E of each entry of the layout; only ratios count, and they stay.</param>
    /// <param name="budget">Mean E per multiply-accumulate of the first round.</param>
    /// <param name="needed">Mean E per multiply-accumulate that a result needs for the drop that is allowed; asked once.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public MethodResult RunAtShares(
        MethodTask task, double[] shares, double budget, Func<MethodResult, double> needed, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        var held = new MethodResult("held", budget, budget, new LearnedEnergy(shares, []), [], new ImageCost(0, 0), new ImageCost(0, 0), 0, null, null);
        return Run(task, held, Within(task, budget), options.Correction with { EnergyRate = 0 }, needed, progress, cancellationToken);
    }

    private MethodResult Run(
        MethodTask task, MethodResult from, double budget, CorrectionOptions correction, Func<MethodResult, double> needed, IProgress<MethodProgress>? progress,
        CancellationToken cancellationToken)
    {
        // Both rounds learn towards the same answers, so that each image is passed for them once.
        var answers = correction.Answers ?? new CleanAnswers(task.Network, task.Images);
        int asked = answers.Asked;
        correction = correction with { Answers = answers };

        // Where reads have a least number, what layers would have without it is what other budgets are spent by, and takes their sensitivities.
        bool limited = correction.EnergyRate > 0 && task.LeastEnergy >= 1;
        MethodResult first = Training.Run(
            new ClippedMethod(clips, correction with { From = from.Learned, Steps = options.FirstSteps }),
            limited ? task : task with { ResidualImages = 0 }, budget, Part(progress, 0, options.FirstShare), cancellationToken);
        LearnedEnergy start = limited ? first.Learned with { Energy = first.Shares } : first.Learned;
        MethodResult second = Training.Run(
            new ClippedMethod(clips, correction with { From = start, Steps = options.SecondSteps }),
            task, Within(task, needed(first)), Part(progress, options.FirstShare, 1), cancellationToken);
        return second with
        {
            Cost = new ImageCost(
                from.Cost.Forward + first.Cost.Forward + second.Cost.Forward + (clips?.Images ?? 0) + answers.Asked - asked,
                from.Cost.Backward + first.Cost.Backward + second.Cost.Backward),
            Seconds = from.Seconds + first.Seconds + second.Seconds,
        };
    }

    private static PartProgress? Part(IProgress<MethodProgress>? progress, double from, double to) => progress is null ? null : new PartProgress(progress, from, to);

    private static double Within(MethodTask task, double energy) => Math.Clamp(energy, task.LeastEnergy, task.LargestEnergy);

    // One round of the two, so that what is told does not begin anew with the second.
    private sealed class PartProgress(IProgress<MethodProgress> whole, double from, double to) : IProgress<MethodProgress>
    {
        public void Report(MethodProgress value) => whole.Report(value with { Fraction = from + (to - from) * value.Fraction });
    }
}
