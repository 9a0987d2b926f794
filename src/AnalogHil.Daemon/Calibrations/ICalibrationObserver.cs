using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Suite;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>Sees a calibration happen; calls return at once.</summary>
public interface ICalibrationObserver
{
    /// <summary>A routine went on.</summary>
    void OnProgress(SuiteProgress progress);

    /// <summary>A routine ended.</summary>
    void OnStep(RoutineStep step, RoutineResult? result);

    /// <summary>Something a person should know.</summary>
    void OnNote(bool warning, string message);
}
