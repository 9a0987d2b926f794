using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Calibrations;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>A calibration that nobody watches: what its routines did goes to the log.</summary>
internal sealed partial class LoggedCalibration(ILogger log) : ICalibrationObserver
{
    /// <inheritdoc/>
    public void OnProgress(SuiteProgress progress)
    {
    }

    /// <inheritdoc/>
    public void OnStep(RoutineStep step, RoutineResult? result) => LogStep(step.Name, step.Outcome, step.Reason);

    /// <inheritdoc/>
    public void OnNote(bool warning, string message) => LogNote(message);

    [LoggerMessage(1, LogLevel.Information, "{Routine}: {Outcome}, {Reason}")]
    private partial void LogStep(string routine, RoutineOutcome outcome, string reason);

    [LoggerMessage(2, LogLevel.Information, "{Note}")]
    private partial void LogNote(string note);
}
