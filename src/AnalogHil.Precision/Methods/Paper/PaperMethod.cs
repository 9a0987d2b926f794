using System.Collections.Immutable;
using System.Globalization;
using AnalogHil.Core.Numerics;
using AnalogHil.Precision.Learning;

namespace AnalogHil.Precision.Methods.Paper;

/// <summary>
/// The method of Garg et al. 2021 (eq. 14): Adam on ln E of the noisy cross entropy plus lambda max(ln(energy / budget), 0), weights frozen,
/// evaluation mode, last iterate. Nothing holds the result to its budget but the penalty, and nothing tells when it has converged.
/// </summary>
/// <param name="options">The recipe.</param>
public sealed class PaperMethod(PaperOptions options) : IPrecisionMethod
{
    private const int StepsToldOnce = 10;

    /// <inheritdoc/>
    public string Name => "paper";

    /// <inheritdoc/>
    public LearnedEnergy Learn(MethodTask task, double budget, IProgress<MethodProgress>? progress, CancellationToken cancellationToken)
    {
        if (task.Images.Count < options.Batch)
        {
            throw new PrecisionException(
                PrecisionFault.Data, $"{task.Images.Count} images are fewer than one batch of {options.Batch}; give more images or a smaller batch");
        }

        PlanLayout layout = task.Layout;
        double low = Math.Log(task.LeastEnergy);
        double high = Math.Log(task.LargestEnergy);
        double[] logEnergy = [.. Enumerable.Repeat(Math.Clamp(Math.Log(options.Start), low, high), layout.Count)];
        double[] energy = Energies(logEnergy);
        var adam = new AdamSteps(layout.Count, options.LearningRate);
        var gradients = new EnergyGradient(task.Network, task.Noise, layout);
        var batches = new BatchSampler(task.Images, task.Images.Count, options.Batch, GaussianKey.Derive(task.Seed, 0xADA).Value);
        var trace = ImmutableArray.CreateBuilder<TracePoint>(options.Steps);
        for (int step = 0; step < options.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batches.Next();
            (double loss, double[] gradient) = gradients.At(batches, energy, GaussianKey.Derive(task.Seed, 0x9015E, (ulong)step).Value);
            trace.Add(new TracePoint(step, layout.MeanEnergy(energy), loss, null));
            gradients.AddPenalty(gradient, energy, budget, options.Penalty);
            adam.Step(gradient, logEnergy);
            for (int j = 0; j < logEnergy.Length; j++)
            {
                logEnergy[j] = Math.Clamp(logEnergy[j], low, high);
            }

            energy = Energies(logEnergy);
            if (step % StepsToldOnce == 0)
            {
                progress?.Report(new MethodProgress(
                    (double)(step + 1) / options.Steps,
                    string.Create(CultureInfo.InvariantCulture, $"step {step + 1} of {options.Steps}: {trace[^1].MeanEnergy:G4} per MAC, loss {loss:0.000}")));
            }
        }

        return new LearnedEnergy(energy, trace.ToImmutable());
    }

    private double[] Energies(double[] logEnergy)
    {
        double[] energy = [.. logEnergy.Select(Math.Exp)];
        return options.Levels is null ? energy : options.Levels.Round(energy);
    }
}
