namespace AnalogHil.Daemon.Calibrations.Drift;

/// <summary>What drift means for a plan.</summary>
internal enum ReallocationOutcome
{
    /// <summary>The plan in force is accepted under the renewed noise as it is.</summary>
    Holds,

    /// <summary>Another allocation of no more energy is accepted.</summary>
    Reallocated,

    /// <summary>None of that energy is: the device goes on with what it has, and does not keep its promise.</summary>
    Degraded,
}
