namespace AnalogHil.Calibration.Graph;

/// <summary>What was done about a routine.</summary>
public enum RoutineOutcome
{
    /// <summary>The check passed; the result stays.</summary>
    Kept,

    /// <summary>Measured in full.</summary>
    Measured,

    /// <summary>Only columns that failed were measured.</summary>
    MeasuredInPart,

    /// <summary>Failed or ran out of time; there is no valid result.</summary>
    Failed,

    /// <summary>Not tried: something it depends on has no valid result.</summary>
    Skipped,
}
