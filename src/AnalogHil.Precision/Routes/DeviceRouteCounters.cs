namespace AnalogHil.Precision.Routes;

/// <summary>What went over the device route so far.</summary>
/// <param name="Reads">Conversions or accumulations the device says it made.</param>
/// <param name="SaturatedReads">How many of them hit the end of the converter's range.</param>
/// <param name="Inputs">Input values driven.</param>
/// <param name="ClippedInputs">How many of them lay outside the full scale that calibration images had shown.</param>
/// <param name="Retries">Calls repeated after a transient failure.</param>
/// <param name="DeviceTime">Time on the device's own clock.</param>
public readonly record struct DeviceRouteCounters(
    long Reads, long SaturatedReads, long Inputs, long ClippedInputs, long Retries, TimeSpan DeviceTime)
{
    /// <summary>Saturated reads over reads, 0 .. 1.</summary>
    public double SaturatedShare => Reads > 0 ? (double)SaturatedReads / Reads : 0;

    /// <summary>Clipped inputs over inputs, 0 .. 1.</summary>
    public double ClippedShare => Inputs > 0 ? (double)ClippedInputs / Inputs : 0;

    /// <summary>What was added since an earlier state.</summary>
    public DeviceRouteCounters Since(DeviceRouteCounters earlier) => new(
        Reads - earlier.Reads,
        SaturatedReads - earlier.SaturatedReads,
        Inputs - earlier.Inputs,
        ClippedInputs - earlier.ClippedInputs,
        Retries - earlier.Retries,
        DeviceTime - earlier.DeviceTime);
}
