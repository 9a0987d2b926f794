namespace AnalogHil.Daemon.Operations;

/// <summary>Figures as they go over the wire.</summary>
internal static class EstimateMessages
{
    /// <summary>The same figure as a message.</summary>
    public static V1.Estimate ToMessage(this Core.Statistics.Estimate estimate) => new()
    {
        Value = estimate.Value,
        Low = estimate.Interval.Low,
        High = estimate.Interval.High,
        Unit = estimate.Unit,
        N = estimate.N,
        Level = estimate.Level,
    };
}
