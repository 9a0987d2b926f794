namespace AnalogHil.Precision;

/// <summary>Why precision work cannot go on: what a caller decides on.</summary>
public enum PrecisionFault
{
    /// <summary>Images, labels or splits do not fit the model or are too few.</summary>
    Data,

    /// <summary>The plan and the network or the device do not fit.</summary>
    PlanDoesNotFit,

    /// <summary>The energy budget is below one read of everything, or above K_max of everything.</summary>
    Budget,

    /// <summary>The device did not take over the settings it was told.</summary>
    PushMismatch,
}
