namespace AnalogHil.Calibration.Averaging;

/// <summary>What beside white noise a certificate found.</summary>
public enum SlowNoiseKind
{
    /// <summary>White noise alone: repeats average without end.</summary>
    None,

    /// <summary>A part that is the same in all reads of an execution: a floor.</summary>
    Common,

    /// <summary>Telegraph noise with one correlation time (a Lorentzian spectrum): no gain below it, averages beyond.</summary>
    Telegraph,

    /// <summary>1 / f noise: repeats gain only logarithmically.</summary>
    Flicker,
}
