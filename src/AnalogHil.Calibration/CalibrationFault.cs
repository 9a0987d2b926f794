namespace AnalogHil.Calibration;

/// <summary>Why a device cannot be calibrated.</summary>
public enum CalibrationFault
{
    /// <summary>The device lacks something the options ask for (a redundancy mode, a tile).</summary>
    Unsupported,

    /// <summary>
    /// The noise before the converter is below half its step (more for intervals under 5 %): spread and offset cannot be measured, and repeats would not
    /// average the
    /// step out. Where K accumulations are converted once, the noise of their mean at the device's largest K counts.
    /// </summary>
    DeadZone,

    /// <summary>Too many reads at the end of the converter's range.</summary>
    Saturated,

    /// <summary>A column that does not follow its inputs: its gain is far from 1.</summary>
    DeadColumn,
}
