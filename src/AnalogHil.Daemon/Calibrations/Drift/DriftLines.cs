using AnalogHil.Calibration.Drift;

namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>A drift watch in lines for a person or a log: every tenth probe, and every one that missed a tile.</summary>
internal sealed class DriftLines(Action<string> told) : IDriftObserver
{
    /// <inheritdoc/>
    public void OnProbe(int number, DriftProbe probe)
    {
        if (number % 10 == 1 || probe.Faults.Length > 0)
        {
            string faults = probe.Faults.Length > 0 ? $"; not probed: {string.Join("; ", probe.Faults.Select(fault => fault.Reason))}" : "";
            told(FormattableString.Invariant($"probe {number}: {probe.Reads} reads, {1e3 * probe.DeviceSeconds:0.###} ms of the device{faults}"));
        }
    }

    /// <inheritdoc/>
    public void OnAlarm(DriftFinding found) => told(found.Detail);

    /// <inheritdoc/>
    public void OnNote(string note) => told(note);
}
