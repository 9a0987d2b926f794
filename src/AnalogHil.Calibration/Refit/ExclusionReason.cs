namespace AnalogHil.Calibration.Refit;

/// <summary>Why a column's reads are not used.</summary>
public enum ExclusionReason
{
    /// <summary>Reads that are not finite numbers.</summary>
    NotANumber,

    /// <summary>The same value in every read of every series, while other columns are noisy.</summary>
    Stuck,

    /// <summary>Too many reads at the end of the converter's range: its spread is too small.</summary>
    Saturated,

    /// <summary>Its gain is far from 1: it does not follow its inputs.</summary>
    Unresponsive,
}
