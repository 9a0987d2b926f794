using System.Globalization;
using AnalogHil.Cli.Views;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Cli.Models;

/// <summary>Progress of an evaluation on standard error.</summary>
internal sealed class EvaluationProgressView(Terminal terminal)
{
    private readonly ProgressLine _line = new(terminal);

    /// <summary>Shows how far it is.</summary>
    public void Show(EvaluationProgress progress)
    {
        _line.Show(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{progress.Done:N0} of {progress.Total:N0} images, top-1 {100.0 * progress.Correct / progress.Done:0.00} % so far, about {Wording.Time(progress.Remaining)} left"),
            progress.Elapsed);
        if (progress.Done == progress.Total)
        {
            Clear();
        }
    }

    /// <summary>Takes the line away where a person watches.</summary>
    public void Clear() => _line.Clear();
}
