namespace AnalogHil.Precision;

/// <summary>What the precision room is busy with.</summary>
public enum PrecisionPhase
{
    /// <summary>Searching the smallest uniform K.</summary>
    Uniform,

    /// <summary>Sensitivities, warm start and eq. 14.</summary>
    Learning,

    /// <summary>Searching the budget of the learned plan.</summary>
    Search,

    /// <summary>Comparing the device route with the model route, layer by layer.</summary>
    Twin,

    /// <summary>Running the certification split on the device.</summary>
    Validation,
}
