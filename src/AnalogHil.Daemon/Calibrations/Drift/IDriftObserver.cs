using AnalogHil.Calibration.Drift;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>Told how a drift watch goes on.</summary>
internal interface IDriftObserver
{
    /// <summary>A probe was made.</summary>
    /// <param name="number">Number of the probe since the watch over this calibration began, from 1.</param>
    /// <param name="probe">What it found.</param>
    void OnProbe(int number, DriftProbe probe);

    /// <summary>Something drifted; it is renewed next.</summary>
    void OnAlarm(DriftFinding found);

    /// <summary>Something else worth knowing.</summary>
    void OnNote(string note);
}
