using System.Globalization;
using AnalogHil.Cli.Views;
using AnalogHil.Engine.Evaluation;

namespace AnalogHil.Cli.Models;

/// <summary>Progress of an evaluation on standard error: one line that changes where a person watches, else a line every while.</summary>
internal sealed class EvaluationProgressView(Terminal terminal)
{
    private static readonly TimeSpan InteractiveSpacing = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan PlainSpacing = TimeSpan.FromSeconds(10);

    private TimeSpan _last;
    private int _width;

    /// <summary>Shows how far it is.</summary>
    public void Show(EvaluationProgress progress)
    {
        bool ended = progress.Done == progress.Total;
        if (progress.Elapsed - _last < (terminal.IsInteractive ? InteractiveSpacing : PlainSpacing) && !(ended && terminal.IsInteractive))
        {
            return;
        }

        _last = progress.Elapsed;
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Done:N0} of {progress.Total:N0} images, top-1 {100.0 * progress.Correct / progress.Done:0.00} % so far, about {Wording.Time(progress.Remaining)} left");
        if (!terminal.IsInteractive)
        {
            terminal.Say(line);
            return;
        }

        terminal.Error.Write("\r" + (ended ? "".PadRight(_width) + "\r" : line.PadRight(_width)));
        _width = line.Length;
    }
}
