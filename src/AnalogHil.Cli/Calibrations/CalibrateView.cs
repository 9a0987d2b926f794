using System.Globalization;
using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Calibrations;

namespace AnalogHil.Cli.Calibrations;

/// <summary>A calibration while it runs: one line for each thing that happened.</summary>
internal sealed class CalibrateView(TextWriter output, TimeProvider time) : ICalibrationObserver
{
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(2);
    private string _routine = "";
    private long _last;

    /// <inheritdoc/>
    public void OnProgress(SuiteProgress progress)
    {
        bool isNew = progress.Routine != _routine;
        if (progress.RoutineFraction >= 1 || (!isNew && time.GetElapsedTime(_last) < Spacing))
        {
            return;
        }

        (_routine, _last) = (progress.Routine, time.GetTimestamp());
        string remaining = progress.Remaining is { } left ? string.Create(CultureInfo.InvariantCulture, $", about {left.TotalSeconds:0} s left") : "";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
                $"{progress.Index} of {progress.Count} {progress.Routine}: {100 * progress.RoutineFraction:0} % ({100 * progress.Fraction:0} % of all{remaining})"));
    }

    /// <inheritdoc/>
    public void OnStep(RoutineStep step, RoutineResult? result)
    {
        output.WriteLine($"{step.Name}: {Word(step.Outcome)}, {step.Reason}");
        foreach (NamedFigure figure in result?.Figures ?? [])
        {
            output.WriteLine("  " + CalibrationView.Line(figure));
        }

        foreach (string warning in result?.Warnings ?? [])
        {
            output.WriteLine("  warning: " + warning);
        }

        if (result is { Excluded.Length: > 0 })
        {
            output.WriteLine($"  {result.Unmeasured.Length} columns are left out, the first: {result.Excluded[0].Detail}");
        }
    }

    /// <inheritdoc/>
    public void OnNote(bool warning, string message) => output.WriteLine((warning ? "warning: " : "") + message);

    private static string Word(RoutineOutcome outcome) => outcome switch
    {
        RoutineOutcome.Kept => "kept",
        RoutineOutcome.Measured => "measured",
        RoutineOutcome.MeasuredInPart => "measured in part",
        RoutineOutcome.Failed => "FAILED",
        RoutineOutcome.Skipped => "skipped",
        _ => outcome.ToString(),
    };
}
