using System.Globalization;
using AnalogHil.Core.Numerics;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods.Sensitivity;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Families;

namespace AnalogHil.Precision.Methods.Correction;

/// <summary>
/// Our method with a digital correction behind every analog product, out = gain x product + bias + offset for each channel, learned on the noisy loss together
/// with the layers' shares of an exactly met budget. The weights on the device stay as they are, unless <see cref="CorrectionOptions.WeightRate"/> says otherwise.
/// </summary>
/// <remarks>
/// Noise before a clamp shifts means (E[max(y + n, 0)] exceeds max(y, 0)) and widens distributions; offsets and gains undo that at no cost in energy. A correction
/// belongs to the budget it was learned at: measure its energy with <see cref="LearnedEnergy.Network"/> (<see cref="VariantFamily"/>), and learn again at the energy found
/// if that is far away. Laws with a full scale (receiver noise) hold dx as it is: give a network whose inputs are clipped there, as quantised ones are.
/// To run it beside other methods: <c>Training.Run(new CorrectedMethod(new()), task, budget, ...)</c>, then
/// <c>new VariantFamily("corrected", new ShapeFamily("corrected", layout, result.Shares, least, largest), result.Learned.Network!, result.Learned.Noise)</c>.
/// </remarks>
/// <param name="options">Images, steps, rates.</param>
public sealed class CorrectedMethod(CorrectionOptions options) : IPrecisionMethod
{
    private const ulong OrderSeed = 0xC0221;
    private const ulong DrawSeed = 0xC0222;

    /// <inheritdoc/>
    public string Name => options.WeightRate > 0 ? "ours, fine-tuned" : "ours, corrected";

    /// <inheritdoc/>
    public LearnedEnergy Learn(MethodTask task, double budget, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        if (task.Network is not ITrainableNetwork network)
        {
            throw new PrecisionException(
                PrecisionFault.Data, $"the network '{task.Network.Name}' has no gradients in its corrections ({nameof(ITrainableNetwork)}); use a method without correction");
        }

        if (options.WeightRate > 0 && options.NoiseOf is null)
        {
            throw new PrecisionException(
                PrecisionFault.Data, $"weights are to be learned, and their noise changes with them; give {nameof(CorrectionOptions.NoiseOf)}");
        }

        if (options.Answers is { } known && !known.AreTo(task.Images))
        {
            throw new PrecisionException(
                PrecisionFault.Data, "the answers to learn towards are to other images than those of the task; make them of the task's images");
        }

        LearnedEnergy start = options.From is { } earlier
            ? earlier with { Energy = BudgetProjection.Project(earlier.Energy, task.Layout.Cost, budget, task.LeastEnergy, task.LargestEnergy) }
            : new SensitivityMethod(options.Start).Learn(task, budget, null, cancellationToken);
        var shares = new BudgetRefinement(task, options.Start);
        var point = new CorrectionPoint(network, options);
        var batches = new BatchSampler(task.Images, Math.Min(options.Images, task.Images.Count), options.Batch, GaussianKey.Derive(task.Seed, OrderSeed).Value);
        CleanAnswers? answers = options.Aim != CorrectionAim.Labels ? options.Answers ?? new CleanAnswers(task.Network, task.Images) : null;
        double[] weights = shares.Shares(start.Energy, budget);
        double[] tilt = new double[task.Layout.Layers];
        double[] meanTilt = new double[tilt.Length];
        var adam = new AdamSteps(tilt.Length, options.EnergyRate);
        var trace = start.Trace.ToBuilder();
        int averaged = 0;
        for (int step = 0; step < options.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batches.Next();
            double[] energy = options.EnergyRate > 0 ? shares.Energies(weights, tilt, budget) : start.Energy;
            ITrainableNetwork variant = point.Network();
            INoiseModel noise = options.WeightRate > 0 ? options.NoiseOf!(variant) : task.Noise;
            double loss = 0;
            int count = batches.Labels.Length;
            ReadOnlyMemory<float> targets = answers?.To(batches, options.Aim == CorrectionAim.Both ? 0.5f : 0) ?? default;
            NetworkGradients gradients = variant.Differentiate(
                batches.Pixels,
                count,
                (logits, _, gradient) =>
                {
                    if (answers is null)
                    {
                        loss = CrossEntropy.Loss(logits, batches.Labels) / count;
                        CrossEntropy.Gradient(logits, batches.Labels, gradient);
                    }
                    else
                    {
                        loss = CrossEntropy.Loss(logits, targets.Span, count) / count;
                        CrossEntropy.Gradient(logits, targets.Span, count, gradient);
                    }
                },
                new NoiseInjection(GaussianKey.Derive(task.Seed, DrawSeed, (ulong)step).Value, noise.At(task.Layout.Spread(energy))),
                null,
                options.WeightRate > 0 ? WantedGradients.Weights : WantedGradients.Corrections);
            trace.Add(new TracePoint(trace.Count, task.Layout.MeanEnergy(energy), loss, null));
            if (options.EnergyRate > 0)
            {
                double[] slope = [.. task.Layout.Gather(gradients.LogEnergy).Select(value => value / count)];
                adam.Step(shares.TiltGradient(slope, energy), tilt);
            }

            point.Step(gradients.Parameters!, count);
            if (2 * step >= options.Steps)
            {
                // The mean of the second half has less noise than the last step.
                averaged++;
                point.Average(averaged);
                for (int layer = 0; layer < tilt.Length; layer++)
                {
                    meanTilt[layer] += (tilt[layer] - meanTilt[layer]) / averaged;
                }
            }

            progress?.Report(new MethodProgress(
                (step + 1.0) / options.Steps,
                string.Create(CultureInfo.InvariantCulture, $"correction step {step + 1} of {options.Steps}: loss {loss:0.000}")));
        }

        ITrainableNetwork learned = point.MeanNetwork();
        double[] shared = options.EnergyRate > 0
            ? BudgetProjection.Project(shares.Energies(weights, meanTilt, budget), task.Layout.Cost, budget, task.LeastEnergy, task.LargestEnergy)
            : start.Energy;
        return new LearnedEnergy(shared, trace.ToImmutable())
        {
            PredictedGain = start.PredictedGain,
            Network = learned is CountingNetwork { Inner: ITrainableNetwork bare } ? bare : learned,
            Noise = options.WeightRate > 0 ? options.NoiseOf!(learned) : null,
            Corrections = point.MeanCorrections(),
        };
    }
}
