namespace AnalogHil.Precision.PlanFiles;

/// <summary>What the search on the search split predicts for a plan.</summary>
/// <param name="Reachable">Whether any energy was predicted to be accepted.</param>
/// <param name="Drop">Predicted drop of accuracy against the float32 network, a fraction.</param>
/// <param name="DropStandardError">Its standard error.</param>
/// <param name="Acceptance">Predicted probability that the certification accepts.</param>
/// <param name="Target">Largest drop to be tolerated, a fraction.</param>
/// <param name="Reason">One sentence.</param>
public sealed record PlanPrediction(bool Reachable, double Drop, double DropStandardError, double Acceptance, double Target, string Reason);
