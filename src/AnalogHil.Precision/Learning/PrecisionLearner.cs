using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Noise;

namespace AnalogHil.Precision.Learning;

/// <summary>Learns how energy is best shared between layers (or channels) at one common budget: closed form, fixed point at the noisy operating point, eq. 14.</summary>
/// <param name="network">The network.</param>
/// <param name="model">Its noise.</param>
/// <param name="layout">What is learned.</param>
/// <param name="calibration">Labelled images that no reported accuracy rests on; the last ones are kept for judging.</param>
/// <param name="options">How.</param>
public sealed class PrecisionLearner(
    INetwork network, INoiseModel model, PlanLayout layout, LabelledImages calibration, LearningOptions options)
{
    private const int StepsToldOnce = 10;

    private double[]? _clean;

    /// <summary>The closed-form problem of the clean network: what the warm start and its predicted gain come from.</summary>
    public AllocationProblem CleanProblem(CancellationToken cancellationToken)
    {
        _clean ??= Sensitivity(null, cancellationToken);
        return new AllocationProblem(_clean, layout.Cost);
    }

    /// <summary>Learns at a budget.</summary>
    /// <param name="budget">B, mean E per MAC.</param>
    /// <param name="maxEnergy">Largest E of one entry (K_max).</param>
    /// <param name="progress">Told fractions of the work done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    public LearnedShape Learn(double budget, double maxEnergy, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        CheckImages();
        double[] warm = Fit(CleanProblem(cancellationToken), budget, maxEnergy);
        AllocationProblem problem = CleanProblem(cancellationToken);
        for (int round = 0; round < options.FixedPointRounds; round++)
        {
            problem = new AllocationProblem(Sensitivity(warm, cancellationToken), layout.Cost);
            warm = Fit(problem, budget, maxEnergy);
            progress?.Report(0.3 * (round + 1) / options.FixedPointRounds);
        }

        int judged = Math.Min(options.JudgeImages, calibration.Count / 2);
        double[] adam = warm;
        if (options.Steps > 0)
        {
            var learning = new EnergyLearning(network, model, layout, calibration, options);
            double[] free = learning.Run(
                warm, budget, maxEnergy, calibration.Count - judged,
                step =>
                {
                    if (step % StepsToldOnce == 0)
                    {
                        progress?.Report(0.3 + 0.5 * step / options.Steps);
                    }
                },
                cancellationToken);
            adam = BudgetProjection.Project(free, layout.Cost, budget, maxEnergy);
        }

        double warmLoss = NoisyLoss(warm, judged, cancellationToken);
        double adamLoss = options.Steps > 0 ? NoisyLoss(adam, judged, cancellationToken) : warmLoss;
        bool adamChosen = adamLoss < warmLoss;
        double[] energy = adamChosen ? adam : warm;
        progress?.Report(0.9);
        double[] sensitivity = Sensitivity(energy, cancellationToken);
        double residual = OptimalityResidual.Of(sensitivity, energy, layout.Cost, maxEnergy);
        progress?.Report(1);
        return new LearnedShape(
            budget, warm, adam, energy, adamChosen, problem.PredictedGain(), warmLoss, adamLoss, residual, options.Steps)
        {
            Shares = FreeShape.Of(energy, sensitivity, layout.Cost, 1, maxEnergy),
        };
    }

    private double[] Fit(AllocationProblem problem, double budget, double maxEnergy) =>
        BudgetProjection.Project(problem.WarmStart(budget), layout.Cost, budget, maxEnergy);

    private double[] Sensitivity(double[]? energy, CancellationToken cancellationToken)
    {
        int count = Math.Min(options.SensitivityImages, calibration.Count);
        double[] sensitivity = layout.Gather(SensitivityEstimator.Estimate(
            network, model, calibration.Pixels, count, energy is null ? null : layout.Spread(energy), options, cancellationToken));
        layout.ApplyFloor(sensitivity);
        return sensitivity;
    }

    // The same noise for every candidate: the difference of two losses then has far less noise than either.
    private double NoisyLoss(double[] energy, int judged, CancellationToken cancellationToken)
    {
        NodeNoise[] noise = model.At(layout.Spread(energy));
        ulong seed = GaussianKey.Derive(options.Seed, 0x70D6E).Value;
        double loss = 0;
        int start = calibration.Count - judged;
        float[] logits = new float[options.SensitivityBatch * network.Classes];
        for (int first = 0; first < judged; first += options.SensitivityBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int batch = Math.Min(options.SensitivityBatch, judged - first);
            Span<float> rows = logits.AsSpan(0, batch * network.Classes);
            network.Forward(calibration.Slice(start + first, batch).Span, batch, rows, new NoiseInjection(seed, noise, first));
            loss += CrossEntropy.Loss(rows, calibration.Labels.AsSpan(start + first, batch));
        }

        return loss / judged;
    }

    private void CheckImages()
    {
        if (calibration.Count < 2 * options.Batch)
        {
            throw new PrecisionException(
                PrecisionFault.Data,
                $"{calibration.Count} calibration images are too few: learning takes batches of {options.Batch} and keeps others for judging; give at least {2 * options.Batch}");
        }
    }
}
