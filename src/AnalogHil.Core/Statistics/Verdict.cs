namespace AnalogHil.Core.Statistics;

/// <summary>Outcome of a certification.</summary>
public enum Verdict
{
    /// <summary>The drop is shown to be below the margin.</summary>
    Accept,

    /// <summary>The drop is shown to be above the margin.</summary>
    Reject,

    /// <summary>The examples at hand show neither.</summary>
    Inconclusive,
}
