using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;
using AnalogHil.Daemon.Calibrations;

namespace AnalogHil.Daemon.Tests.Calibrations;

/// <summary>Keeps what it is told; may do something at every progress.</summary>
internal sealed class SilentCalibration(Action<SuiteProgress>? at = null) : ICalibrationObserver
{
    public List<SuiteProgress> Progress { get; } = [];

    public void OnProgress(SuiteProgress progress)
    {
        Progress.Add(progress);
        at?.Invoke(progress);
    }

    public void OnStep(RoutineStep step, RoutineResult? result)
    {
    }

    public void OnNote(bool warning, string message)
    {
    }
}
